import Results

/// The file of limits in a repository.
struct LimitsFile {
  let path: String

  /// Empty where there is no such file.
  func load() throws(LabError) -> CountLimits {
    guard Files.exists(path) else { return CountLimits() }
    let text = try Files.text(path)
    do { return try CountLimits(text: text) } catch {
      throw .incomparable("\(path):\(error.line): \(error.reason)")
    }
  }

  func save(_ limits: CountLimits) throws(LabError) {
    try Files.write(Array(limits.text.utf8), to: path)
  }
}

import Results

extension ResultsStore {
  /// What of a machine's folder says which machine it was measured on.
  private static let described = ["results.json", "numbers.json", "calibration.json"]

  /// Asked by each command that keeps what it measures, before it measures.
  /// - Throws: `LabError.otherMachine` where the folder has another one's: what is not measured
  ///   again would stay beside what is.
  func expect(_ machine: Machine) throws(LabError) {
    for name in Self.described {
      let path = folder + "/" + name
      guard let stored = Self.machine(in: path), !stored.isLike(machine) else { continue }
      let differences = stored.differences(from: machine).map { fact in
        "\(fact.name) \(fact.values.joined(separator: ", here "))"
      }
      throw .otherMachine(path: path, description: differences.joined(separator: "; "))
    }
  }

  /// Nil where there is no such file. One that can't be read says nothing here: it is an error of
  /// the commands that need what is in it, and not of the others.
  private static func machine(in path: String) -> Machine? {
    guard Files.exists(path), let bytes = try? Files.read(path) else { return nil }
    return StoredJSON.machine(in: bytes)
  }
}

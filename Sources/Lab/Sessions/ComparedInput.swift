import Results

/// One side of a comparison as it was named: a machine's folder, all results in one file, or a run
/// of a history.
struct ComparedInput {
  /// As it was typed.
  let path: String
  /// The file that was read, without symbolic links.
  let file: String
  let results: Results
  /// One for each file of the folder that is left out.
  let unreadable: [LabError]

  init(_ path: String) throws(LabError) {
    self.path = path
    guard Files.exists(path) else { throw .incomparable("\(path) does not exist") }
    let store = Files.isFolder(path) ? ResultsStore(folder: path) : ResultsStore(file: path)
    guard store.exists else {
      throw .incomparable(
        "there are no results in \(path); name a machine's folder such as Reports/my-box, a "
          + "file of 'export --format json', or a file of a history")
    }
    file = RelativePath.resolved(store.path)
    do {
      let stored = try store.load()
      results = stored.results
      unreadable = stored.unreadable
    } catch { throw Self.told(error) }
  }

  /// All of them.
  /// - Throws: where one can't be read, or two are the same.
  static func load(_ paths: [String]) throws(LabError) -> [ComparedInput] {
    var inputs: [ComparedInput] = []
    for path in paths {
      let input = try ComparedInput(path)
      if let same = inputs.first(where: { $0.file == input.file }) {
        throw .invalid("\(same.path) and \(path) are the same results; name two that differ")
      }
      inputs.append(input)
    }
    return inputs
  }

  /// What the other commands advise does not help here.
  static func told(_ error: LabError) -> LabError {
    switch error {
    case .damagedResults(let path, let reason):
      .incomparable("\(path) is not a results file of perflab (\(reason)); choose another one")
    case .newerSchema(let path, let found, let known):
      .incomparable(
        "\(path) has schema \(found), this perflab reads up to \(known); use a newer perflab")
    default: .incomparable("\(error)")
    }
  }

  /// The machine's folder with its pages; nil where the file does not lie in one.
  var folder: String? {
    guard isFolders, let slash = file.lastIndex(of: "/") else { return nil }
    let folder = String(file[..<slash])
    return Files.exists(folder + "/README.md") ? folder : nil
  }

  /// Whether it is the file that a machine's folder has.
  private var isFolders: Bool {
    let name = StoredFile.plain(file.split(separator: "/").last.map(String.init) ?? "")
    return name == ResultsStore.runName || name == ResultsStore.olderName
  }

  /// `my-box`, `my-box 2026-11-22T18:44:57Z`, or the file's own name.
  var name: String {
    let parts = file.split(separator: "/").map(String.init)
    guard parts.count > 1, let last = parts.last else { return file }
    if isFolders { return parts[parts.count - 2] }
    if parts.count > 2, parts[parts.count - 2] == "history" {
      return "\(parts[parts.count - 3]) \(results.run.started)"
    }
    return String(last.prefix { $0 != "." })
  }

  /// Names that distinguish the sides: the paths as typed where the short names are equal.
  static func sides(_ inputs: [ComparedInput]) -> [Comparison.Side] {
    let names = inputs.map(\.name)
    let isClear = Set(names).count == names.count
    return zip(inputs, names).map { input, name in
      Comparison.Side(name: isClear ? name : input.path, results: input.results)
    }
  }
}

import Results

extension ResultsStore {
  /// What of a machine's folder says which machine it was measured on.
  private static let described = [runName, olderName, "numbers.json", "calibration.json"]

  /// Asked by each command that keeps what it measures, before it measures.
  /// - Throws: `LabError.otherMachine` where the folder has another one's: what is not measured
  ///   again would stay beside what is.
  func expect(_ machine: Machine) throws(LabError) {
    for name in Self.described {
      let path = folder + "/" + name
      guard let stored = Self.machine(in: path) else { continue }
      try Self.expect(stored, toBe: machine, in: path)
    }
  }

  /// Whether the folder is the machine's, or nobody's.
  func suits(_ machine: Machine) -> Bool { (try? expect(machine)) != nil }

  /// - Throws: `LabError.otherMachine` where what a file describes is another one.
  static func expect(
    _ stored: Machine, toBe machine: Machine, in path: String
  ) throws(LabError) {
    guard !stored.isLike(machine) else { return }
    let differences = stored.differences(from: machine).map { fact in
      "\(fact.name) \(fact.values.joined(separator: ", here "))"
    }
    throw .otherMachine(path: path, description: differences.joined(separator: "; "))
  }

  /// Nil where there is no such file. One that can't be read says nothing here: it is an error of
  /// the commands that need what is in it, and not of the others.
  private static func machine(in path: String) -> Machine? {
    guard let place = StoredFile.place(path), let bytes = try? StoredFile.read(place) else {
      return nil
    }
    return StoredJSON.machine(in: bytes)
  }
}

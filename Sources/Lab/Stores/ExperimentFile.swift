import Results

/// The file of one experiment's result. Its first line ends with a comma; with a brace instead it
/// is JSON by itself and holds the outcome, so that a list of hundreds reads no more than that. The
/// second line holds the rest.
enum ExperimentFile {
  private struct Head: Codable {
    var outcome: Outcome
    var schema: Int
  }

  private struct Rest: Encodable {
    var experiment: ExperimentResult
    var machine: Machine
  }

  static func encode(_ stored: StoredExperiment) throws(LabError) -> [UInt8] {
    let head = try StoredJSON.encode(
      Head(outcome: stored.outcome, schema: stored.schema), isCompact: true)
    let rest = try StoredJSON.encode(
      Rest(experiment: stored.experiment, machine: stored.machine), isCompact: true)
    return head.dropLast("}\n".utf8.count) + Array(",\n".utf8) + rest.dropFirst("{".utf8.count)
  }

  /// Nil where there is no such file.
  static func outcome(_ path: String) throws(LabError) -> Outcome? {
    guard let place = StoredFile.place(path) else { return nil }
    var line =
      place == path
      ? try Files.firstLine(place)
      : Array(try StoredFile.read(place).prefix { $0 != UInt8(ascii: "\n") })
    // Whoever reformatted a file has the rest of it read as well.
    var head: Head?
    if line.popLast() == UInt8(ascii: ",") {
      line.append(UInt8(ascii: "}"))
      head = StoredJSON.decodeIfPossible(line)
    }
    if let head, head.schema <= StoredExperiment.currentSchema { return head.outcome }
    let stored: StoredExperiment = try StoredJSON.load(path)
    return stored.outcome
  }
}

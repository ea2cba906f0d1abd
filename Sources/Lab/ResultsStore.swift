import FoundationEssentials
import Results

/// One machine's folder under `Reports/`: its results file and what belongs to it.
struct ResultsStore {
  let folder: String
  let path: String

  init(folder: String) {
    self.folder = folder
    path = folder + "/results.json"
  }

  /// A results file of any name, with what lies beside it.
  init(file: String) {
    path = file
    let parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    folder = parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  func load() throws(LabError) -> Results {
    guard Files.exists(path) else { throw .noResults(path: path) }
    return try Self.decode(try Files.read(path), path: path)
  }

  func save(_ results: Results) throws(LabError) {
    try Files.write(try Self.encode(results), to: path)
  }

  /// - Parameter isCompact: on one line, for what is compressed and not read by people.
  static func encode(
    _ value: some Encodable, isCompact: Bool = false
  ) throws(LabError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !isCompact { encoder.outputFormatting.insert(.prettyPrinted) }
    do { return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")] } catch {
      throw .invalid("a number can't be written as JSON: \(error)")
    }
  }

  static func decode(_ bytes: [UInt8], path: String) throws(LabError) -> Results {
    struct Head: Decodable { let schema: Int }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let data = Data(bytes)
    do {
      let head = try decoder.decode(Head.self, from: data)
      guard head.schema <= Results.currentSchema else {
        throw LabError.newerSchema(
          path: path, found: head.schema, known: Results.currentSchema)
      }
      return try decoder.decode(Results.self, from: data)
    } catch let error as LabError { throw error } catch {
      throw .damagedResults(path: path, reason: Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is damaged" }
    switch error {
    case .keyNotFound(let key, _): return "the field '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      return "the field '\(place)' has another type"
    default: return "it is no complete JSON"
    }
  }
}

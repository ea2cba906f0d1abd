import FoundationEssentials
import Results

/// What lies as JSON in a file of its own, which says the version of its form.
protocol StoredDocument: Codable {
  /// The newest that this build knows.
  static var currentSchema: Int { get }
  /// Of the file that it was read from.
  var schema: Int { get }
}

extension Results: StoredDocument {}
extension RunRecord: StoredDocument {}
extension StoredExperiment: StoredDocument {}
extension Numbers: StoredDocument {}
extension Calibration: StoredDocument {}
extension CacheCounts: StoredDocument {}
extension ProfileSet: StoredDocument {}

/// The one form of JSON that perflab writes and reads: keys in order, so that equal values give
/// equal bytes, and numbers that JSON does not know as words.
enum StoredJSON {
  private static let words = (infinity: "inf", negative: "-inf", nan: "nan")

  private struct Head: Decodable { let schema: Int }
  private struct Owner: Decodable { let machine: Machine }

  /// - Parameter isCompact: on one line, for what is not read by people.
  static func encode(
    _ value: some Encodable, isCompact: Bool = false
  ) throws(LabError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: words.infinity, negativeInfinity: words.negative, nan: words.nan)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !isCompact { encoder.outputFormatting.insert(.prettyPrinted) }
    do { return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")] } catch {
      throw .invalid("a number can't be written as JSON: \(error)")
    }
  }

  /// The value as text, for standard output.
  static func text(_ value: some Encodable) throws(LabError) -> String {
    String(decoding: try encode(value), as: UTF8.self)
  }

  /// - Throws: `LabError.noResults` where there is no such file, and what `decode` throws.
  static func load<Document: StoredDocument>(_ path: String) throws(LabError) -> Document {
    guard let found: Document = try loadIfThere(path) else { throw .noResults(path: path) }
    return found
  }

  /// Nil where there is no such file, compressed or not.
  static func loadIfThere<Document: StoredDocument>(
    _ path: String
  ) throws(LabError) -> Document? {
    guard let place = StoredFile.place(path) else { return nil }
    return try decode(try StoredFile.read(place), path: place)
  }

  /// Replaces the file at a path, and the compressed one beside it.
  static func save(_ document: some StoredDocument, to path: String) throws(LabError) {
    try StoredFile.write(try encode(document), to: path)
  }

  /// - Parameter path: where the bytes come from, for the message.
  /// - Throws: `LabError.newerSchema` or `LabError.damagedResults`.
  static func decode<Document: StoredDocument>(
    _ bytes: [UInt8], path: String
  ) throws(LabError) -> Document {
    let decoder = decoder()
    let data = Data(bytes)
    let document = Result { try decoder.decode(Document.self, from: data) }
    // What a newer perflab wrote may read as damaged. The version by itself is a second pass over
    // the file, made only where the first one failed.
    let schema =
      (try? document.get())?.schema ?? (try? decoder.decode(Head.self, from: data))?.schema
    if let schema, schema > Document.currentSchema {
      throw .newerSchema(path: path, found: schema, known: Document.currentSchema)
    }
    do { return try document.get() } catch {
      throw .damagedResults(path: path, reason: reason(error))
    }
  }

  /// A value of which nothing is told where it can't be read.
  static func decodeIfPossible<Value: Decodable>(_ bytes: [UInt8]) -> Value? {
    try? decoder().decode(Value.self, from: Data(bytes))
  }

  /// The machine that a document names, whatever its schema; nil where none can be read.
  static func machine(in bytes: [UInt8]) -> Machine? {
    let owner: Owner? = decodeIfPossible(bytes)
    return owner?.machine
  }

  private static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: words.infinity, negativeInfinity: words.negative, nan: words.nan)
    return decoder
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is damaged" }
    switch error {
    case .keyNotFound(let key, _): return "the field '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      if place.isEmpty { return "it is no JSON object" }
      return "the field '\(place)' has another type"
    default: return "it is no complete JSON"
    }
  }
}

/// Takes the lines of a file, and says at the end what they were.
protocol LineReader {
  /// As a person calls it.
  static var format: String { get }
  /// Whether a file that begins so is for this reader. By content, never by the file's name.
  static func recognises(_ head: [Substring]) -> Bool
  init()
  /// - Throws: `LineProblem`, which ends the reading of the file.
  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws
  /// - Returns: records that were understood.
  mutating func finish(_ readings: inout Readings) throws -> Int
}

/// Why a file can't be read any further.
struct LineProblem: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

/// A reader that wants text. What is not UTF-8 is replaced.
protocol TextReader: LineReader {
  mutating func take(text: Substring, _ readings: inout Readings) throws
}

extension TextReader {
  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws {
    try take(text: String(decoding: line, as: UTF8.self)[...], &readings)
  }
}

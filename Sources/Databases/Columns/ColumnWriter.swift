import Glibc
import Platform

extension ColumnFile {
  /// A column to be written.
  public struct Column: Sendable {
    /// Its values; a text has no byte of zeros in it.
    public enum Values: Sendable {
      /// Whole numbers.
      case integers([Int])
      /// Texts.
      case texts([String])

      var count: Int {
        switch self {
        case .integers(let values): values.count
        case .texts(let values): values.count
        }
      }
    }

    /// Unique in its file.
    public let name: String
    /// As many as the other columns have.
    public let values: Values

    /// A name and its values.
    public init(_ name: String, _ values: Values) {
      self.name = name
      self.values = values
    }
  }

  /// Writes a new file, in place of one that is there.
  /// - Parameter columns: all of as many values.
  /// - Throws: `Fault` where it can't be written, `GzipError` where memory is short.
  public static func write(_ columns: [Column], to path: String) throws {
    let rows = columns.first?.values.count ?? 0
    precondition(columns.allSatisfy { $0.values.count == rows }, "columns of different lengths")
    var bytes: [UInt8] = []
    var chunks: [ColumnDirectory.Chunk] = []
    for start in stride(from: 0, to: rows, by: groupRows) {
      let group = start..<min(rows, start + groupRows)
      for column in columns {
        var (chunk, packed) = try pack(column.values, group)
        (chunk.offset, chunk.count) = (bytes.count, packed.count)
        chunks.append(chunk)
        bytes.append(contentsOf: packed)
      }
    }
    bytes += ColumnDirectory(columns: columns.map(\.name), rows: rows, chunks: chunks).bytes
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Fault(path: path, reason: SystemError.describe(errno)) }
    defer { close(file) }
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw Fault(path: path, reason: SystemError.describe(errno))
    }
  }

  private static func pack(
    _ values: Column.Values, _ group: Range<Int>
  ) throws -> (ColumnDirectory.Chunk, [UInt8]) {
    switch values {
    case .integers(let values): return pack(Array(values[group]))
    case .texts(let values):
      let texts = Array(values[group])
      let different = Array(Set(texts)).sorted()
      guard different.count <= 256 else {
        return (.init(coding: .texts), try Gzip.compress(joined(texts)))
      }
      let numbers = Dictionary(uniqueKeysWithValues: different.enumerated().map { ($1, $0) })
      // Never nil: there are at most 256 numbers, and none is a step.
      let packed = PackedIntegers(texts.map { numbers[$0]! }, steps: false)!
      let chunk = ColumnDirectory.Chunk(
        coding: .numberedTexts, width: UInt8(packed.width), base: packed.base,
        first: packed.bits.count)
      return (chunk, packed.bits + (try Gzip.compress(joined(different))))
    }
  }

  private static func pack(_ values: [Int]) -> (ColumnDirectory.Chunk, [UInt8]) {
    guard let packed = PackedIntegers(values) else {
      return (.init(coding: .plain), values.withUnsafeBytes { Array($0) })
    }
    let chunk = ColumnDirectory.Chunk(
      coding: packed.isDelta ? .steps : .range, width: UInt8(packed.width), base: packed.base,
      first: packed.first)
    return (chunk, packed.bits)
  }

  private static func joined(_ texts: [String]) -> [UInt8] {
    Array(texts.joined(separator: "\0").utf8)
  }
}

import Glibc
import Platform

/// A table that is stored column by column: groups of rows, in each of which every column is packed
/// by itself, so that a query reads only the columns that it names. Written once, then read.
///
///     try ColumnFile.write([.init("total", .integers(totals))], to: path)
///     let file = try ColumnFile(path)
///     let total = try file.column("total")
///     for group in 0..<file.groups { try file.integers(total, of: group) { … } }
///
/// Integers are packed by their range or by their steps (`PackedIntegers`); texts are compressed by
/// zlib, or numbered where a group has at most 256 different ones. For one thread at a time.
public final class ColumnFile {
  /// Rows of a group; the last one may have fewer.
  public static let groupRows = 4_096

  /// Why a file can't be read or written. One line.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// `it is no file of columns`
    public let reason: String

    /// Both.
    public var description: String { "\(path): \(reason)" }
  }

  /// Of all groups.
  public let rows: Int
  /// Groups of rows.
  public var groups: Int { (rows + Self.groupRows - 1) / Self.groupRows }
  /// Bytes read since the file was opened, the directory not included.
  public private(set) var bytesRead = 0

  private let path: String
  private let descriptor: Int32
  private let directory: ColumnDirectory
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
  private let values = UnsafeMutableBufferPointer<Int>.allocate(capacity: ColumnFile.groupRows)

  /// Opens a file and reads its directory.
  /// - Throws: `Fault` where it is damaged or no such file.
  public init(_ path: String) throws(Fault) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Fault(path: path, reason: SystemError.describe(errno)) }
    do throws(Fault) {
      directory = try ColumnDirectory(descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
    rows = directory.rows
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
    values.deallocate()
  }

  /// The number of a column.
  public func column(_ name: String) throws(Fault) -> Int {
    guard let index = directory.columns.firstIndex(of: name) else {
      throw Fault(path: path, reason: "it has no column \(name)")
    }
    return index
  }

  private func rows(of group: Int) -> Int { min(Self.groupRows, rows - group * Self.groupRows) }

  /// The values of a column of integers in a group.
  public func integers<Answer>(
    _ column: Int, of group: Int, _ body: (UnsafeBufferPointer<Int>) throws -> Answer
  ) throws -> Answer {
    let chunk = directory.chunks[group * directory.columns.count + column]
    let bytes = try read(chunk)
    let count = rows(of: group)
    return try body(UnsafeBufferPointer(try unpack(chunk, bytes, count)))
  }

  private func unpack(
    _ chunk: ColumnDirectory.Chunk, _ bytes: UnsafeRawBufferPointer, _ count: Int
  ) throws(Fault) -> UnsafeMutableBufferPointer<Int> {
    let found = UnsafeMutableBufferPointer(rebasing: values[..<count])
    let needed =
      chunk.coding == .plain
      ? 8 * count : PackedIntegers.byteCount(count, width: Int(chunk.width))
    guard bytes.count >= needed, Int(chunk.width) <= PackedIntegers.widest else { throw damaged }
    switch chunk.coding {
    case .plain:
      for index in 0..<count {
        found[index] = bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int.self)
      }
    default:
      PackedIntegers.unpack(
        bytes, isDelta: chunk.coding == .steps, width: Int(chunk.width), base: chunk.base,
        first: chunk.first, into: found)
    }
    return found
  }

  /// The texts of a column in a group.
  public func texts(_ column: Int, of group: Int) throws -> [String] {
    let chunk = directory.chunks[group * directory.columns.count + column]
    let bytes = try read(chunk)
    let count = rows(of: group)
    let numbersEnd = chunk.coding == .numberedTexts ? chunk.first : 0
    guard numbersEnd >= 0, numbersEnd <= bytes.count else { throw damaged }
    let unpacked = try Gzip.decompress(Array(bytes[numbersEnd...]))
    let texts = unpacked.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard chunk.coding == .numberedTexts else {
      guard texts.count == count else { throw damaged }
      return texts
    }
    let numbers = try unpack(
      chunk, UnsafeRawBufferPointer(rebasing: bytes[..<numbersEnd]), count)
    return try numbers.map { number in
      guard texts.indices.contains(number) else { throw damaged }
      return texts[number]
    }
  }

  private var damaged: Fault { Fault(path: path, reason: "it is damaged") }

  private func read(_ chunk: ColumnDirectory.Chunk) throws(Fault) -> UnsafeRawBufferPointer {
    if buffer.count < chunk.count {
      buffer.deallocate()
      buffer = .allocate(byteCount: chunk.count, alignment: 8)
    }
    guard pread(descriptor, buffer.baseAddress, chunk.count, off_t(chunk.offset)) == chunk.count
    else { throw damaged }
    bytesRead += chunk.count
    return UnsafeRawBufferPointer(rebasing: buffer[..<chunk.count])
  }
}

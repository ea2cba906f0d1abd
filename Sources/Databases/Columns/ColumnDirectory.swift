import Glibc
import Platform

/// Where the pieces of a file of columns are, and how they are packed. It lies at the file's end.
struct ColumnDirectory: Equatable {
  /// How a column of a group is packed.
  enum Coding: UInt8 {
    /// Words of 64 bits.
    case plain
    /// Distances from the least value.
    case range
    /// Distances from the least step.
    case steps
    /// Compressed texts, each ended by a byte of zeros.
    case texts
    /// Numbers, packed by their range, and the different texts, compressed.
    case numberedTexts
  }

  /// A column of a group.
  struct Chunk: Equatable {
    var offset = 0
    var count = 0
    var coding = Coding.plain
    var width: UInt8 = 0
    var base = 0
    /// The first value of steps; where numbers end and texts begin.
    var first = 0
  }

  var columns: [String]
  var rows: Int
  /// Of each group, in the order of the columns.
  var chunks: [Chunk]

  private static let mark: UInt64 = 0x5f63_6f6c_756d_6e31
  private static let tailBytes = 24

  init(columns: [String], rows: Int, chunks: [Chunk]) {
    self.columns = columns
    self.rows = rows
    self.chunks = chunks
  }

  /// The directory, its length, its checksum, and a mark.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ word: Int) { withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) } }
    append(rows)
    append(columns.count)
    for column in columns {
      append(column.utf8.count)
      bytes.append(contentsOf: column.utf8)
    }
    for chunk in chunks {
      for word in [chunk.offset, chunk.count, chunk.base, chunk.first] { append(word) }
      append(Int(chunk.coding.rawValue) << 8 | Int(chunk.width))
    }
    let sum = bytes.withUnsafeBytes { AppendedLog.checksum($0) }
    append(bytes.count)
    append(Int(truncatingIfNeeded: sum))
    append(Int(truncatingIfNeeded: Self.mark))
    return bytes
  }

  /// Reads the end of a file.
  init(_ descriptor: Int32, path: String) throws(ColumnFile.Fault) {
    func fault(_ reason: String) -> ColumnFile.Fault { .init(path: path, reason: reason) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var tail = [UInt64](repeating: 0, count: 3)
    guard size >= Self.tailBytes,
      pread(descriptor, &tail, Self.tailBytes, off_t(size - Self.tailBytes)) == Self.tailBytes,
      tail[2] == Self.mark
    else { throw fault("it is no file of columns") }
    let count = Int(truncatingIfNeeded: tail[0])
    guard count > 0, count <= size - Self.tailBytes else { throw fault("it is damaged") }
    var bytes = [UInt8](repeating: 0, count: count)
    let start = off_t(size - Self.tailBytes - count)
    guard pread(descriptor, &bytes, count, start) == count,
      bytes.withUnsafeBytes({ AppendedLog.checksum($0) }) == tail[1]
    else { throw fault("it is damaged") }
    // What the checksum confirms is as it was written.
    var place = 0
    func word() -> Int {
      defer { place += 8 }
      return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Int.self) }
    }
    rows = word()
    columns = []
    for _ in 0..<word() {
      let length = word()
      columns.append(String(decoding: bytes[place..<(place + length)], as: UTF8.self))
      place += length
    }
    chunks = []
    while place < count {
      var chunk = Chunk()
      (chunk.offset, chunk.count, chunk.base, chunk.first) = (word(), word(), word(), word())
      let code = word()
      chunk.coding = Coding(rawValue: UInt8(truncatingIfNeeded: code >> 8)) ?? .plain
      chunk.width = UInt8(truncatingIfNeeded: code)
      chunks.append(chunk)
    }
  }
}

import Glibc
import Platform

/// A file that only grows, by entries with a checksum: the log of a store that has its data in
/// memory. For one thread at a time.
public final class AppendedLog {
  /// When an append waits for the device.
  public enum Flush: Sendable {
    /// Before it returns.
    case always
    /// At the first append that comes a second or more after the last flush.
    case everySecond
    /// The kernel writes when it likes.
    case never
  }

  private let path: String
  private let descriptor: Int32
  private let flush: Flush
  private let log: FileLog?
  private var end: Int
  private var flushed = Clock.now()
  private var buffer: [UInt8] = []
  /// Flushes since it was opened.
  public private(set) var flushes = 0
  /// Bytes in the file.
  public var size: Int { end }

  /// Opens it, and makes it where it does not exist. A last entry that is not whole is cut off.
  /// - Parameters:
  ///   - log: gets each change of the file; nil for nobody.
  ///   - entry: gets the entries that are there, from the first.
  /// - Throws: `SystemError` where the file can't be opened.
  public init(
    _ path: String, flush: Flush, log: FileLog? = nil,
    entry: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    self.path = path
    self.flush = flush
    self.log = log
    let isNew = access(path, F_OK) != 0
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    end = 0
    guard descriptor >= 0 else { throw SystemError(call: "open \(path)", errno: errno) }
    if isNew { log?.add(.created, to: path) }
    end = try replay(entry)
    guard ftruncate(descriptor, off_t(end)) == 0 else {
      throw SystemError(call: "truncate \(path)", errno: errno)
    }
  }

  deinit { close(descriptor) }

  /// Adds an entry to the next commit.
  public func add(_ bytes: UnsafeRawBufferPointer) {
    withUnsafeBytes(of: UInt32(bytes.count)) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: Self.checksum(bytes)) { buffer.append(contentsOf: $0) }
    buffer.append(contentsOf: bytes)
  }

  /// Writes what was added, and waits for the device as the log was opened to.
  public func commit() throws(SystemError) {
    guard pwrite(descriptor, buffer, buffer.count, off_t(end)) == buffer.count else {
      throw SystemError(call: "write \(path)", errno: errno)
    }
    log?.add(.written(at: end, buffer), to: path)
    end += buffer.count
    buffer.removeAll(keepingCapacity: true)
    switch flush {
    case .always: try flushNow()
    case .everySecond: if Clock.now() - flushed >= 1_000_000_000 { try flushNow() }
    case .never: break
    }
  }

  private func flushNow() throws(SystemError) {
    guard fdatasync(descriptor) == 0 else { throw SystemError(call: "flush \(path)", errno: errno) }
    log?.add(.flushed, to: path)
    flushes += 1
    flushed = Clock.now()
  }

  /// Bytes of an entry besides its own: their count and checksum.
  static let headBytes = 12

  /// - Returns: where the last whole entry ends.
  private func replay(_ entry: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: size)
    guard pread(descriptor, &bytes, size, 0) == size else {
      throw SystemError(call: "read \(path)", errno: errno)
    }
    return try bytes.withUnsafeBytes { bytes in
      var place = 0
      while place + Self.headBytes <= size {
        let count = Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        let sum = bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt64.self)
        let start = place + Self.headBytes
        guard start + count <= size else { break }
        let body = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
        guard Self.checksum(body) == sum else { break }
        try entry(body)
        place = start + count
      }
      return place
    }
  }

  /// FNV-1a over words of eight bytes; what is left over byte by byte. Never 0 for an empty entry, so
  /// that a hole of zeros is no entry.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    let words = bytes.count & ~7
    for offset in stride(from: 0, to: words, by: 8) {
      sum =
        (sum ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        &* 0x0000_0100_0000_01b3
      sum ^= sum >> 32
    }
    for byte in bytes[words...] { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return sum
  }
}

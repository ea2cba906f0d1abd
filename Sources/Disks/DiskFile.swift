import CPerflab
import Glibc
import Platform

/// A file that is read and written at given positions.
public final class DiskFile: Sendable {
  /// Which way the bytes take.
  public enum Access: Sendable {
    /// Past the page cache (O_DIRECT): positions, counts and addresses are multiples of 4,096.
    case direct
    /// Through the page cache.
    case cached
  }

  /// Its path when it was opened.
  public let path: String
  /// Open as long as this value lives.
  public let descriptor: Int32

  /// Opens a file for reading and writing.
  /// - Parameter creating: it is made, or emptied.
  /// - Throws: what the kernel says; that a file system has no direct I/O, for one.
  public init(_ path: String, _ access: Access, creating: Bool = false) throws(DiskError) {
    self.path = path
    let direct = access == .direct ? Int32(PERFLAB_O_DIRECT) : 0
    let made = creating ? O_CREAT | O_TRUNC : 0
    descriptor = open(path, O_RDWR | O_CLOEXEC | direct | made, 0o600)
    guard descriptor >= 0 else {
      let what = access == .direct && errno == EINVAL ? "direct I/O on " : "open "
      throw .last(what + path, errno)
    }
  }

  deinit { close(descriptor) }

  /// Reads exactly as many bytes as the buffer has.
  public func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DiskError) {
    let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    guard got >= 0 else { throw .last("read \(path)", errno) }
    guard got == buffer.count else {
      throw .short(path: path, offset: offset, wanted: buffer.count, got: got)
    }
  }

  /// Writes all of the buffer.
  /// - Throws: where there is no space, or a limit is reached; a part may have been written then.
  public func write(_ buffer: UnsafeRawBufferPointer, at offset: Int) throws(DiskError) {
    var done = 0
    while done < buffer.count {
      let count = pwrite(
        descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      guard count > 0 else { throw .last("write \(path)", count == 0 ? ENOSPC : errno) }
      done += count
    }
  }

  /// Reserves the space of a file of so many bytes, so that a full disk shows before the work begins.
  /// Where the file system can't reserve, nothing is done.
  public func reserve(_ bytes: Int) throws(DiskError) {
    let error = posix_fallocate(descriptor, 0, off_t(bytes))
    guard error == 0 || error == EOPNOTSUPP || error == EINVAL else {
      throw .last("reserve \(bytes >> 20) MiB for \(path)", error)
    }
  }

  /// Returns when what was written, and what is needed to find it, is on the device (fdatasync).
  public func flush() throws(DiskError) {
    guard fdatasync(descriptor) == 0 else { throw .last("fdatasync \(path)", errno) }
  }

  /// The same with all that the file system knows of the file (fsync).
  public func flushAll() throws(DiskError) {
    guard fsync(descriptor) == 0 else { throw .last("fsync \(path)", errno) }
  }
}

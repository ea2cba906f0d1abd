import Glibc

/// Memory that direct I/O may use: it begins at a page, and is touched, so that no transfer waits
/// for a page.
public final class AlignedMemory: @unchecked Sendable {
  // SAFETY (@unchecked): the owner decides who writes what, as with any shared memory.

  /// Valid while this value lives.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Allocates zeros.
  /// - Parameter count: of bytes.
  public init(_ count: Int) {
    bytes = .allocate(byteCount: max(1, count), alignment: 4096)
    memset(bytes.baseAddress!, 0, bytes.count)
  }

  deinit { bytes.deallocate() }

  /// A part of it.
  public subscript(from start: Int, count count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + count])
  }
}

import Glibc
import Platform

/// What the page cache holds of a file that was opened through it.
extension DiskFile {
  /// Drops a range from the page cache, after it was written to the device.
  /// - Throws: where the kernel refuses; it may also keep pages without saying so (`cachedPages`).
  public func dropCache(from offset: Int = 0, count: Int = 0) throws(DiskError) {
    let error = posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_DONTNEED)
    guard error == 0 else { throw .last("posix_fadvise \(path)", error) }
  }

  /// Has the kernel read a range into the page cache without waiting for it.
  public func prefetch(from offset: Int, count: Int) {
    // Advice: whether it is followed shows in the time of the read.
    _ = posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_WILLNEED)
  }

  /// Turns the kernel's own read-ahead off for this descriptor.
  public func expectRandomReads() { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM) }

  /// Pages of a range that the page cache holds (mincore).
  /// - Parameters:
  ///   - offset: a multiple of the page size.
  ///   - count: bytes, at least one.
  public func cachedPages(from offset: Int, count: Int) throws(DiskError) -> Int {
    let map = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, off_t(offset))
    guard let map, map != MAP_FAILED else { throw .last("mmap \(path)", errno) }
    defer { munmap(map, count) }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    var present = [UInt8](repeating: 0, count: (count + page - 1) / page)
    guard mincore(map, count, &present) == 0 else { throw .last("mincore \(path)", errno) }
    return present.count { $0 & 1 == 1 }
  }
}

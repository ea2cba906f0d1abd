import CPerflab
import Glibc
import Harness

/// Zeroed anonymous memory of its own mapping, touched, and given back when it goes.
final class Region {
  enum Pages {
    /// 4 KiB pages (the base size), whatever the system's default is.
    case base
    /// Transparent huge pages; refused where the kernel does not give them.
    case huge
    /// What an ordinary allocation gets here.
    case ordinary
  }

  static let hugePageBytes = 2 << 20
  let start: UnsafeMutableRawPointer
  let bytes: Int
  private let mapped: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// - Parameter touch: writes each page once, from the calling thread.
  init(_ bytes: Int, pages: Pages = .ordinary, touch: Bool = true) throws {
    let alignment = Self.hugePageBytes
    self.bytes = (max(bytes, 1) + alignment - 1) / alignment * alignment
    mappedBytes = self.bytes + alignment
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let map = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let map, map != MAP_FAILED else {
      throw ProbeUnavailable("no memory for \(bytes) bytes (errno \(errno))")
    }
    mapped = map
    start = UnsafeMutableRawPointer(
      bitPattern: (UInt(bitPattern: map) + UInt(alignment) - 1) & ~UInt(alignment - 1))!
    switch pages {
    case .base: madvise(start, self.bytes, MADV_NOHUGEPAGE)
    case .huge: madvise(start, self.bytes, MADV_HUGEPAGE)
    case .ordinary: break
    }
    guard touch else { return }
    let page = 4096
    // All pages in one call (Linux 5.14), which is much faster than a fault for each.
    let populateForWriting: Int32 = 23
    if madvise(start, self.bytes, populateForWriting) == 0 {
      if pages == .huge { try proveHugePages() }
      return
    }
    for offset in stride(from: 0, to: self.bytes, by: page) {
      start.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
    if pages == .huge { try proveHugePages() }
  }

  deinit { munmap(mapped, mappedBytes) }

  /// The kernel may quietly give small pages; then there is no number for large ones.
  func proveHugePages() throws {
    guard let huge = hugeBytes(around: start) else {
      throw ProbeUnavailable("/proc/self/smaps does not say which pages the memory has")
    }
    // A share below all is possible where memory is fragmented; nine tenths is a clear majority.
    guard huge * 10 >= bytes * 9 else {
      throw ProbeUnavailable("only \(huge >> 20) of \(bytes >> 20) MiB got huge pages")
    }
  }
}

/// `AnonHugePages` of the mapping that holds an address, in bytes.
private func hugeBytes(around address: UnsafeMutableRawPointer) -> Int? {
  guard let file = fopen("/proc/self/smaps", "r") else { return nil }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 512)
  var inside = false
  while fgets(&line, Int32(line.count), file) != nil {
    let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    if let range = addressRange(text) {
      inside = range.contains(UInt(bitPattern: address))
    } else if inside, text.hasPrefix("AnonHugePages:") {
      let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber }
      return Int(digits).map { $0 << 10 }
    }
  }
  return nil
}

/// `7f12-7f34 rw-p …` as addresses; nil for the lines between.
private func addressRange(_ line: String) -> Range<UInt>? {
  let parts = line.prefix { $0 != " " }.split(separator: "-")
  guard parts.count == 2, let low = UInt(parts[0], radix: 16), let high = UInt(parts[1], radix: 16)
  else { return nil }
  return low..<high
}

/// Removes the lines of some memory from all caches.
func flush(_ start: UnsafeMutableRawPointer, bytes: Int) {
  for offset in stride(from: 0, to: bytes, by: 64) { perflab_flush_line(start + offset) }
}

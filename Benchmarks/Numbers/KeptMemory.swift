import Glibc
import Harness
import Synchronization

/// Touched memory that a worker process keeps from one number to the next: making its pages takes
/// longer than measuring most of them.
final class KeptMemory: Sendable {
  /// Beyond this, what comes back is unmapped: 256 MiB of each kind of pages, and half as much for the
  /// second thread of a team.
  private static let limit = 1_024 << 20

  private let idle = Mutex<[Mapping]>([])

  /// The smallest that is large enough, with pages of that kind. Where all of the kind are too
  /// small they are unmapped, to make room for the one that is needed instead.
  func take(_ bytes: Int, _ pages: Region.Pages) -> Mapping? {
    idle.withLock { idle in
      let sizes = idle.indices.filter { idle[$0].pages == pages && idle[$0].bytes >= bytes }
      if let best = sizes.min(by: { idle[$0].bytes < idle[$1].bytes }) {
        return idle.remove(at: best)
      }
      for mapping in idle where mapping.pages == pages { mapping.unmap() }
      idle.removeAll { $0.pages == pages }
      return nil
    }
  }

  func give(_ mapping: Mapping) {
    idle.withLock { idle in
      if idle.reduce(mapping.bytes, { $0 + $1.bytes }) <= Self.limit {
        idle.append(mapping)
      } else {
        mapping.unmap()
      }
    }
  }
}

/// Anonymous memory on a huge page's boundary.
struct Mapping: @unchecked Sendable {
  // SAFETY (@unchecked): the holder of the mapping is its only user.

  let start: UnsafeMutableRawPointer
  let bytes: Int
  let pages: Region.Pages
  private let mapped: UnsafeMutableRawPointer

  /// - Parameter bytes: a multiple of a huge page's.
  init(_ bytes: Int, _ pages: Region.Pages) throws {
    let alignment = Region.hugePageBytes
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let map = mmap(nil, bytes + alignment, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let map, map != MAP_FAILED else {
      throw ProbeUnavailable("no memory for \(bytes) bytes (errno \(errno))")
    }
    mapped = map
    start = UnsafeMutableRawPointer(
      bitPattern: (UInt(bitPattern: map) + UInt(alignment) - 1) & ~UInt(alignment - 1))!
    self.bytes = bytes
    self.pages = pages
    switch pages {
    case .base: madvise(start, bytes, MADV_NOHUGEPAGE)
    case .huge: madvise(start, bytes, MADV_HUGEPAGE)
    case .ordinary: break
    }
  }

  func unmap() { munmap(mapped, bytes + Region.hugePageBytes) }

  /// Makes all pages: in one call (Linux 5.14), which is much faster than a fault for each, or by
  /// writing to each.
  func touch() {
    let populateForWriting: Int32 = 23
    if madvise(start, bytes, populateForWriting) == 0 { return }
    for offset in stride(from: 0, to: bytes, by: 4096) {
      start.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
  }
}

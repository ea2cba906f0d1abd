import CPerflab
import Glibc
import Harness
import Results

/// The disk under the temporary folder that survives a restart (`/var/tmp`).
enum Storage {
  private static let group = "Storage"
  private static let folder = "/var/tmp"
  private static let fileBytes = 32 << 20

  static let probes = [
    repeated(
      "fsync.4k", group: group, title: "Durable write of 4 KiB (fsync)",
      method: "4 KiB appended to a file in \(folder), and fsync", count: 1, smoke: 1,
      prepare: { _ in try Scratch(folder, bytes: 4096, direct: false) },
      run: { scratch, count in
        for _ in 0..<count { scratch.append() }
        return count
      }),
    Probe(
      "read.sequential", group: group, title: "Sequential read", unit: .bytesPerSecond,
      method: "1 MiB direct reads (O_DIRECT) of a 32 MiB file in \(folder)",
      value: fileBytes, smoke: 2 << 20, reading: { _ in .rate(Double(1 << 20)) },
      variant: Variant(
        "read.sequential", shows: [],
        prepare: { point in try Scratch(folder, bytes: point.value, direct: true) },
        run: { scratch in scratch.readOn(1 << 20) })),
    Probe(
      "read.random.4k", group: group, title: "Random read of 4 KiB",
      method: "4 KiB direct reads (O_DIRECT) at random offsets in 32 MiB in \(folder)",
      value: fileBytes, smoke: 1 << 20, reading: { _ in .operations(1) },
      variant: Variant(
        "read.random.4k", shows: [],
        prepare: { point in try Scratch(folder, bytes: point.value, direct: true) },
        run: { scratch in scratch.readSomewhere(4096) })),
  ]
}

/// A file without a name, filled, on disk, and gone with its descriptor.
private final class Scratch {
  private let descriptor: Int32
  private let bytes: Int
  private let buffer: UnsafeMutableRawPointer
  private var position = 0
  private var random = Xorshift(1)

  /// - Parameter direct: reads go past the page cache; refused by some file systems.
  init(_ folder: String, bytes: Int, direct: Bool) throws(ProbeUnavailable) {
    self.bytes = bytes
    let pattern = "\(folder)/perflab-XXXXXX"
    var path = Array(pattern.utf8CString)
    let writer = mkstemp(&path)
    guard writer >= 0 else { throw ProbeUnavailable("cannot write to \(folder) (errno \(errno))") }
    defer {
      unlink(path)
      close(writer)
    }
    buffer = .allocate(byteCount: 1 << 20, alignment: 4096)
    // Not zeros: some disks and file systems store those without storing anything.
    for offset in stride(from: 0, to: 1 << 20, by: 8) {
      buffer.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
    }
    var written = 0
    while written < bytes {
      let count = write(writer, buffer, min(1 << 20, bytes - written))
      guard count > 0 else { break }
      written += count
    }
    let full = written == bytes && fsync(writer) == 0
    descriptor = open(path, direct ? O_RDONLY | Int32(PERFLAB_O_DIRECT) : O_RDWR)
    if !full || descriptor < 0 {
      if descriptor >= 0 { close(descriptor) }
      buffer.deallocate()
      throw ProbeUnavailable("no direct reads of a file of \(bytes) bytes in \(folder)")
    }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// The file grows, so that its own data always has to be made durable too.
  func append() {
    pwrite(descriptor, buffer, 4096, off_t(bytes + position))
    position += 4096
    fsync(descriptor)
  }

  func readOn(_ count: Int) -> Int {
    if position + count > bytes { position = 0 }
    defer { position += count }
    return pread(descriptor, buffer, count, off_t(position))
  }

  func readSomewhere(_ count: Int) -> Int {
    pread(descriptor, buffer, count, off_t(random.below(bytes / count) * count))
  }
}

import Glibc
import Harness
import Platform
import Results

/// What file operations take that wait for the device, where scratch folders lie.
enum DurableWrites {
  private static let group = "Storage"
  private static let space: [Requirement] = [.storage(bytes: 8 << 20)]

  static let probes = [
    flush("flush.4k", bytes: 4 << 10), flush("flush.256k", bytes: 256 << 10),
    probe(
      "flush.append", "Durable append of 128 B (fdatasync)",
      method: "128 B written to the end of a file, and fdatasync, which also writes its new size",
      count: 1
    ) { file, _ in file.append(128, flushes: true) },
    probe(
      "flush.append.12k", "Durable append of 12,000 B (fdatasync)",
      method: "12,000 B written to the end of a file, and fdatasync, which also takes new blocks",
      count: 1
    ) { file, _ in file.append(12_000, flushes: true) },
    probe(
      "file.append", "Append of 128 B, to the page cache", method: "128 B written to the end",
      count: 64
    ) { file, count in
      for _ in 0..<count { file.append(128, flushes: false) }
    },
    probe(
      "journal.cycle", "Rollback journal: a file made, flushed and deleted",
      method: "13 KiB written to a new file; fdatasync of file and folder; its head written again, "
        + "fdatasync; deleted",
      count: 1
    ) { file, _ in file.cycleJournal() },
  ]

  private static func flush(_ name: String, bytes: Int) -> Probe {
    probe(
      name, "Flush of \(bytes >> 10) KiB that overwrite others (fdatasync)",
      method: "\(bytes >> 10) KiB written in place, page by page, and fdatasync", count: 1
    ) { file, _ in file.overwrite(bytes) }
  }

  private static func probe(
    _ name: String, _ title: String, method: String, count: Int,
    run: @escaping @Sendable (DurableFile, Int) -> Void
  ) -> Probe {
    repeated(
      name, group: group, title: title, method: "\(method); in the scratch folder", needs: space,
      count: count, smoke: 1, prepare: { _ in try DurableFile() },
      run: { file, count in
        run(file, count)
        return count
      })
  }
}

/// A file in a scratch folder of its own.
private final class DurableFile {
  private static let bytes = 1 << 20
  private static let mostBytes = 6 << 20
  private static let pageBytes = 4 << 10

  private let folder: ScratchFolder
  private let descriptor: Int32
  private let folderDescriptor: Int32
  private let buffer: UnsafeMutableRawPointer
  private var end = bytes
  private var round: UInt64 = 0

  init() throws {
    folder = try ScratchFolder(bytes: 8 << 20)
    let path = folder.file("file")
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError(call: "open \(path)", errno: errno) }
    folderDescriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    buffer = .allocate(byteCount: Self.bytes, alignment: 4_096)
    var random = Xorshift(1)
    for offset in stride(from: 0, to: Self.bytes, by: 8) {
      buffer.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
    }
    // Page by page, as stores write: the kernel's page cache keeps larger writes in larger pieces,
    // which cost less to flush.
    for page in stride(from: 0, to: Self.bytes, by: Self.pageBytes) {
      guard pwrite(descriptor, buffer, Self.pageBytes, off_t(page)) == Self.pageBytes else {
        throw SystemError(call: "write \(path)", errno: errno)
      }
    }
    guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync \(path)", errno: errno) }
  }

  deinit {
    close(descriptor)
    close(folderDescriptor)
    buffer.deallocate()
  }

  private func check(_ isDone: Bool, _ call: String) {
    if !isDone { fatalError("\(SystemError(call: call, errno: errno))") }
  }

  /// Other bytes each time, at another place.
  private func next() -> UnsafeMutableRawPointer {
    round += 1
    buffer.storeBytes(of: round, as: UInt64.self)
    return buffer
  }

  func overwrite(_ count: Int) {
    let place = Int(round) * count % Self.bytes
    let bytes = next()
    for page in stride(from: place, to: place + count, by: Self.pageBytes) {
      check(pwrite(descriptor, bytes, Self.pageBytes, off_t(page)) == Self.pageBytes, "write")
    }
    check(fdatasync(descriptor) == 0, "fdatasync")
  }

  func append(_ count: Int, flushes: Bool) {
    // From the beginning again before the scratch space is used up.
    if end + count > Self.mostBytes {
      check(ftruncate(descriptor, off_t(Self.bytes)) == 0, "truncate")
      end = Self.bytes
    }
    check(pwrite(descriptor, next(), count, off_t(end)) == count, "write")
    end += count
    if flushes { check(fdatasync(descriptor) == 0, "fdatasync") }
  }

  func cycleJournal() {
    let path = folder.file("journal")
    let journal = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    check(journal >= 0, "open \(path)")
    check(pwrite(journal, next(), 13 << 10, 0) == 13 << 10, "write")
    check(fdatasync(journal) == 0 && fdatasync(folderDescriptor) == 0, "fdatasync")
    check(pwrite(journal, next(), 12, 0) == 12 && fdatasync(journal) == 0, "fdatasync")
    close(journal)
    check(unlink(path) == 0, "unlink")
  }
}

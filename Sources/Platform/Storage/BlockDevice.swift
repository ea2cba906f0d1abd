import Glibc

/// The block device that a file system lies on, and what the kernel has counted there.
public struct BlockDevice: Sendable {
  private let descriptor: StatisticsFile

  /// The device of a path.
  /// - Throws: where it lies on none that is counted: in memory, in layers, on a network.
  public init(of path: String) throws(SystemError) {
    var about = stat()
    guard stat(path, &about) == 0 else { throw SystemError(call: "stat \(path)", errno: errno) }
    let device = UInt64(about.st_dev)
    let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    let minor = device & 0xff | (device >> 12) & 0xfff_ff00
    let file = "/sys/dev/block/\(major):\(minor)/stat"
    let opened = open(file, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw SystemError(call: "open \(file)", errno: errno) }
    descriptor = StatisticsFile(opened)
  }

  /// Since the machine started, by all processes.
  public struct Counts: Sendable, Equatable {
    /// Requests after merging.
    public var reads = 0
    /// That the device was asked for.
    public var readBytes = 0
    /// Requests after merging.
    public var writes = 0
    /// That the device was given.
    public var writtenBytes = 0
    /// Of its volatile cache.
    public var flushes = 0
    /// Milliseconds in which at least one request was under way, to the kernel's tick.
    public var busyMilliseconds = 0

    /// What happened from `earlier` to `later`.
    public static func - (later: Counts, earlier: Counts) -> Counts {
      Counts(
        reads: later.reads - earlier.reads, readBytes: later.readBytes - earlier.readBytes,
        writes: later.writes - earlier.writes,
        writtenBytes: later.writtenBytes - earlier.writtenBytes,
        flushes: later.flushes - earlier.flushes,
        busyMilliseconds: later.busyMilliseconds - earlier.busyMilliseconds)
    }

    /// Up to now, of nothing.
    public init(
      reads: Int = 0, readBytes: Int = 0, writes: Int = 0, writtenBytes: Int = 0,
      flushes: Int = 0, busyMilliseconds: Int = 0
    ) {
      self.reads = reads
      self.readBytes = readBytes
      self.writes = writes
      self.writtenBytes = writtenBytes
      self.flushes = flushes
      self.busyMilliseconds = busyMilliseconds
    }

    /// Fields of `/sys/block/<device>/stat`.
    ///
    /// Source: Linux, Documentation/block/stat.rst: sectors are of 512 bytes whatever the device's.
    init(_ text: String) {
      let fields = text.split { $0 == " " || $0 == "\n" }.map { Int($0) ?? 0 }
      func field(_ index: Int) -> Int { index < fields.count ? fields[index] : 0 }
      self.init(
        reads: field(0), readBytes: field(2) * 512, writes: field(4),
        writtenBytes: field(6) * 512, flushes: field(15), busyMilliseconds: field(9))
    }
  }

  /// Up to now: one system call.
  public func read() -> Counts { Counts(descriptor.text()) }
}

/// A file of the kernel's that is read from its beginning each time.
private final class StatisticsFile: Sendable {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func text() -> String {
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { buffer in
      let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
  }
}

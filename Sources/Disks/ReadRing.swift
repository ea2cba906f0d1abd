import CUring
import Glibc
import Platform

/// Reads of one file through io_uring, many in flight at a time: one system call submits what was
/// queued and waits for what comes back.
///
///     let ring = try ReadRing(file, depth: 32, bytes: 4096)
///     while ring.hasRoom { ring.queue(block, at: block * 4096) }
///     try ring.wait(for: 1) { read in use(read.bytes) }
///
/// For the thread that made it.
///
/// Source: Axboe, *Efficient IO with io_uring*, 2019.
public final class ReadRing {
  /// Reads that may be in flight.
  public let depth: Int
  /// Whether the file and the buffers are registered, so that the kernel looks them up once.
  public let isRegistered: Bool
  /// In flight, or queued.
  public private(set) var outstanding = 0

  private let ring: UnsafeMutablePointer<io_uring>
  private let file: DiskFile
  private let memory: AlignedMemory
  private let bytes: Int
  private var free: [Int]
  private var reads: [(tag: Int, offset: Int, start: UInt64)]

  /// A read that has come back.
  public struct Read {
    /// The number that it was queued with.
    public let tag: Int
    /// Valid until the next read is queued.
    public let bytes: UnsafeRawBufferPointer
    /// From when it was queued until it was handed over.
    public let nanoseconds: UInt64
  }

  /// - Parameters:
  ///   - depth: reads in flight at most, 1 or more.
  ///   - bytes: of a read.
  ///   - registered: registers file and buffers.
  /// - Throws: `noRing` where the kernel forbids io_uring or the registration.
  public init(
    _ file: DiskFile, depth: Int, bytes: Int, registered: Bool = false
  ) throws(DiskError) {
    let ring = UnsafeMutablePointer<io_uring>.allocate(capacity: 1)
    ring.initialize(to: io_uring())
    let error = perflab_uring_open(ring, UInt32(depth))
    guard error == 0 else {
      ring.deallocate()
      throw .noRing(SystemError(call: "io_uring_setup", errno: -error))
    }
    self.ring = ring
    self.file = file
    self.depth = depth
    self.bytes = bytes
    isRegistered = registered
    memory = AlignedMemory(depth * bytes)
    free = Array((0..<depth).reversed())
    reads = Array(repeating: (0, 0, 0), count: depth)
    if registered { try register() }
  }

  deinit {
    // The kernel must not write into memory that is another's by then.
    try? wait(for: outstanding) { _ in }
    io_uring_queue_exit(ring)
    ring.deallocate()
  }

  private func register() throws(DiskError) {
    let parts = (0..<depth).map {
      iovec(iov_base: memory.bytes.baseAddress! + $0 * bytes, iov_len: bytes)
    }
    var error = io_uring_register_buffers(ring, parts, UInt32(depth))
    guard error == 0 else {
      throw .noRing(SystemError(call: "io_uring_register_buffers", errno: -error))
    }
    var descriptor = file.descriptor
    error = io_uring_register_files(ring, &descriptor, 1)
    guard error == 0 else {
      throw .noRing(SystemError(call: "io_uring_register_files", errno: -error))
    }
  }

  /// Whether another read may be queued.
  public var hasRoom: Bool { !free.isEmpty }

  /// Queues a read; `wait` submits it. There must be room.
  /// - Parameter tag: comes back with the bytes.
  public func queue(_ tag: Int, at offset: Int) {
    let slot = free.removeLast()
    reads[slot] = (tag, offset, Clock.now())
    // There are as many entries as slots.
    _ = perflab_uring_read(
      ring, isRegistered ? 0 : file.descriptor, memory.bytes.baseAddress! + slot * bytes,
      UInt32(bytes), UInt64(offset), isRegistered ? Int32(slot) : -1, UInt64(slot))
    outstanding += 1
  }

  /// Submits what is queued, waits until `count` reads are back (0: does not wait), and hands over
  /// all that are.
  /// - Throws: the first read that failed or was short; the others have been handed over.
  public func wait(for count: Int, _ body: (Read) -> Void) throws(DiskError) {
    let wanted = UInt32(min(count, outstanding))
    var result = io_uring_submit_and_wait(ring, wanted)
    while result == -EINTR { result = io_uring_submit_and_wait(ring, wanted) }
    guard result >= 0 else { throw .last("io_uring_enter \(file.path)", -result) }
    try take(body)
  }

  /// Submits what is queued, sleeps until a read is back or the time is over, and hands over all that
  /// are back.
  /// - Throws: as `wait(for:)`.
  public func wait(nanoseconds: UInt64, _ body: (Read) -> Void) throws(DiskError) {
    let result = perflab_uring_sleep(ring, Int64(clamping: nanoseconds))
    guard [0, -ETIME, -EINTR].contains(result) else {
      throw .last("io_uring_enter \(file.path)", -result)
    }
    try take(body)
  }

  private func take(_ body: (Read) -> Void) throws(DiskError) {
    var failure: DiskError?
    var (slot, got): (UInt64, Int32) = (0, 0)
    while outstanding > 0, perflab_uring_take(ring, &slot, &got) == 1 {
      let slot = Int(slot)
      let (tag, offset, start) = reads[slot]
      outstanding -= 1
      if Int(got) == bytes {
        let place = memory[from: slot * bytes, count: bytes]
        body(
          Read(
            tag: tag, bytes: UnsafeRawBufferPointer(place), nanoseconds: Clock.now() - start))
      } else if got < 0 {
        failure = failure ?? .last("read \(file.path)", -got)
      } else {
        failure =
          failure
          ?? .short(path: file.path, offset: offset, wanted: bytes, got: Int(got))
      }
      free.append(slot)
    }
    if let failure { throw failure }
  }
}

/// Operations that do nothing, for what a submission and its completion cost by themselves.
public final class NothingRing {
  private let ring: UnsafeMutablePointer<io_uring>

  /// - Throws: `noRing` where the kernel forbids io_uring.
  public init(entries: Int) throws(DiskError) {
    let ring = UnsafeMutablePointer<io_uring>.allocate(capacity: 1)
    ring.initialize(to: io_uring())
    let error = perflab_uring_open(ring, UInt32(entries))
    guard error == 0 else {
      ring.deallocate()
      throw .noRing(SystemError(call: "io_uring_setup", errno: -error))
    }
    self.ring = ring
  }

  deinit {
    io_uring_queue_exit(ring)
    ring.deallocate()
  }

  /// Queues `count`, at most as many as there are entries, submits them and takes all back.
  /// - Returns: how many came back.
  public func turn(_ count: Int) -> Int {
    for number in 0..<count { _ = perflab_uring_nothing(ring, UInt64(number)) }
    _ = io_uring_submit_and_wait(ring, UInt32(count))
    var (number, result, taken) = (UInt64(0), Int32(0), 0)
    while taken < count, perflab_uring_take(ring, &number, &result) == 1 { taken += 1 }
    return taken
  }
}

import CUring
import Glibc
import Platform

/// A server on io_uring that sends every byte back: accepts, receives and sends are completions of one
/// ring, so that one system call submits the last responses and waits for the next requests.
///
/// An accept and a receive stay in force where the kernel has that (Linux 6.0), and bytes are received
/// into buffers that the kernel chooses. For the thread that made it.
///
/// Source: Axboe, *Efficient IO with io_uring*, 2019; `io_uring_prep_recv_multishot(3)`.
public final class EchoRing {
  private let listener: Socket
  private let ring: UnsafeMutablePointer<io_uring>
  /// Where the kernel finds the buffers, then the buffers.
  private let memory: UnsafeMutableRawPointer
  private var isMultishot = true

  private static let entries: UInt32 = 1_024
  private static let buffers: UInt32 = 256
  private static let length: UInt32 = 1_024
  private static let pageBytes = 4_096

  private enum Kind: UInt64 { case accept, receive, send }

  /// - Throws: `SystemError` where the kernel forbids io_uring, or has no rings of buffers (Linux
  ///   5.19).
  public init(_ listener: Socket) throws(SystemError) {
    self.listener = listener
    ring = .allocate(capacity: 1)
    ring.initialize(to: io_uring())
    memory = .allocate(
      byteCount: Self.pageBytes + Int(Self.buffers * Self.length), alignment: Self.pageBytes)
    let error = perflab_uring_open(ring, Self.entries)
    guard error == 0 else { throw SystemError(call: "io_uring_setup", errno: -error) }
    let refusal = perflab_uring_buffers(ring, memory, bytes, Self.buffers, Self.length)
    guard refusal == 0 else { throw SystemError(call: "io_uring_register", errno: -refusal) }
  }

  deinit {
    io_uring_queue_exit(ring)
    ring.deallocate()
    memory.deallocate()
  }

  private var bytes: UnsafeMutableRawPointer { memory + Self.pageBytes }

  /// Serves until the listener ends.
  /// - Throws: `SystemError` where the kernel refuses the ring's call.
  public func serve() throws(SystemError) {
    accept()
    var (number, result, flags) = (UInt64(0), Int32(0), UInt32(0))
    while true {
      let submitted = io_uring_submit_and_wait(ring, 1)
      guard submitted >= 0 || submitted == -EINTR else {
        throw SystemError(call: "io_uring_enter", errno: -submitted)
      }
      while perflab_uring_take_flagged(ring, &number, &result, &flags) == 1 {
        let connection = Int32(truncatingIfNeeded: number >> 2 & 0xffff_ffff)
        switch Kind(rawValue: number & 3) {
        case .accept: guard accepted(result, flags) else { return }
        case .receive: received(result, flags, on: connection)
        case .send, nil: giveBack(UInt32(number >> 34))
        }
      }
    }
  }

  /// Returns whether the listener still listens.
  private func accepted(_ result: Int32, _ flags: UInt32) -> Bool {
    if result >= 0 {
      var one: Int32 = 1
      setsockopt(result, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
      receive(on: result)
    } else if !isRefusal(result) {
      return false
    }
    if flags & IORING_CQE_F_MORE == 0 { accept() }
    return true
  }

  private func received(_ result: Int32, _ flags: UInt32, on connection: Int32) {
    let buffer = flags >> UInt32(IORING_CQE_BUFFER_SHIFT)
    if result > 0 {
      submit { [self] in
        perflab_uring_send(
          ring, connection, bytes + Int(buffer * Self.length), UInt32(result),
          Self.number(.send, connection) | UInt64(buffer) << 34)
      }
    } else {
      if flags & IORING_CQE_F_BUFFER != 0 { giveBack(buffer) }
      // Without a free buffer it is tried again: those that are being sent come back.
      guard result == -ENOBUFS || isRefusal(result) else {
        close(connection)
        return
      }
    }
    if flags & IORING_CQE_F_MORE == 0 { receive(on: connection) }
  }

  /// Whether an older kernel has refused what is to stay in force: it is asked for once at a time from
  /// now on.
  private func isRefusal(_ result: Int32) -> Bool {
    guard result == -EINVAL, isMultishot else { return false }
    isMultishot = false
    return true
  }

  private func accept() {
    submit { [self] in
      perflab_uring_accept(
        ring, listener.descriptor, isMultishot ? 1 : 0, Self.number(.accept, 0))
    }
  }

  private func receive(on connection: Int32) {
    submit { [self] in
      perflab_uring_receive(
        ring, connection, isMultishot ? 1 : 0, Self.number(.receive, connection))
    }
  }

  private func giveBack(_ buffer: UInt32) {
    perflab_uring_return(memory, bytes, Self.buffers, Self.length, buffer)
  }

  /// Queues an entry; where the ring is full, those that wait are submitted first.
  private func submit(_ prepare: () -> Int32) {
    while prepare() != 0 { io_uring_submit(ring) }
  }

  private static func number(_ kind: Kind, _ connection: Int32) -> UInt64 {
    kind.rawValue | UInt64(UInt32(bitPattern: connection)) << 2
  }
}

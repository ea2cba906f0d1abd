import CRing
import Platform

/// A server on io_uring that sends every byte back: accepts, receives and sends are completions of one
/// ring, so that one system call submits the last responses and waits for the next requests.
///
/// An accept and a receive stay in force where the kernel has that (Linux 6.0), and bytes are received
/// into buffers that the kernel chooses.
///
/// Source: Axboe, *Efficient IO with io_uring*, 2019; `io_uring_prep_recv_multishot(3)`.
public enum EchoRing {
  /// Serves on the calling thread until the listener ends.
  /// - Throws: `SystemError` where the kernel forbids io_uring, or has no rings of buffers (Linux
  ///   5.19).
  public static func serve(_ listener: Socket) throws(SystemError) {
    let error = perflab_echo_by_ring(listener.descriptor)
    if error != 0 { throw SystemError(call: "io_uring", errno: error) }
  }
}

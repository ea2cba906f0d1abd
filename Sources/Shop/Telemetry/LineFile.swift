import Glibc
import Platform
import Synchronization

/// A file that lines are appended to, from any thread.
final class LineFile: Sendable {
  private struct State {
    var pending: [UInt8] = []
  }

  private static let bufferBytes = 64 << 10

  private let descriptor: Int32
  private let isSynchronous: Bool
  private let state = Mutex(State())

  /// - Parameter isSynchronous: each line is written and flushed to the device before `append`
  ///   returns; else lines are written when there are 64 KiB of them, and at `flush`.
  init(_ path: String, isSynchronous: Bool) throws(ShopRefused) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .folder(path, reason: SystemError(call: "open", errno: errno).reason)
    }
    self.isSynchronous = isSynchronous
  }

  deinit {
    flush()
    close(descriptor)
  }

  /// - Returns: flushes to the device that this took.
  func append(_ line: String) -> Int {
    state.withLock { state in
      state.pending.append(contentsOf: line.utf8)
      state.pending.append(UInt8(ascii: "\n"))
      guard isSynchronous || state.pending.count >= Self.bufferBytes else { return 0 }
      write(&state)
      guard isSynchronous else { return 0 }
      fdatasync(descriptor)
      return 1
    }
  }

  /// Writes what is pending. A full disk loses lines and nothing else.
  func flush() { state.withLock { write(&$0) } }

  private func write(_ state: inout State) {
    var rest = state.pending[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    state.pending.removeAll(keepingCapacity: true)
  }
}

import Harness
import Results

/// A service that keeps the newest sessions.
final class SessionService: @unchecked Sendable {
  // SAFETY (@unchecked): used only by the kernel's thread.

  /// Sessions in use at a time.
  static let kept = 64

  let operations: Int
  let register = SessionRegister()
  let makeHandler: (RegisteredSession, SessionRegister) -> RegisteredHandler
  var sessions: [RegisteredSession?] = Array(repeating: nil, count: kept)

  init(
    _ point: Point,
    _ makeHandler: @escaping (RegisteredSession, SessionRegister) -> RegisteredHandler
  ) {
    operations = point.value
    self.makeHandler = makeHandler
  }

  deinit { endAll() }

  /// Frees what a call left, leaks included, so that memory stays bounded over all samples.
  func endAll() {
    for index in sessions.indices { sessions[index] = nil }
    // SAFETY: registered sessions are alive; each is held while its cycle is broken.
    while let session = register.sessions.last?.takeUnretainedValue() { session.handler = nil }
  }

  /// What is alive after the last call.
  func report() -> [String: Counter] {
    var bytes = 0
    for session in register.sessions {
      bytes += ProcessHeap.allocatedBytes(of: session.toOpaque()) ?? 0
      let handler = session._withUnsafeGuaranteedRef { $0.handler }
      if let handler {
        let address = Unmanaged.passUnretained(handler).toOpaque()
        bytes += ProcessHeap.allocatedBytes(of: address) ?? 0
      }
    }
    let growth =
      Double(bytes) * (1 - Double(Self.kept) / Double(max(Self.kept, register.sessions.count)))
    return [
      "live bytes": Counter(Double(bytes), unit: .bytes),
      "live bytes per operation": Counter(growth / Double(operations), unit: .bytes),
      "live Session": Counter(Double(register.sessions.count), unit: .count),
      "live Handler": Counter(Double(register.handlers), unit: .count),
    ]
  }
}

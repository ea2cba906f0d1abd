import Platform
import Synchronization
import Systems

/// A link to a server on loopback that can be cut: connections end in the middle of a message, new
/// ones end at once, until it is repaired.
public final class CutLink: Sendable {
  /// Where clients connect.
  public let endpoint: Endpoint
  private let listener: Socket
  private let ends: Ends

  /// Starts to pass on what comes.
  /// - Throws: `SystemError`.
  public init(to server: Endpoint) throws(SystemError) {
    listener = try Socket.listening()
    endpoint = try listener.endpoint()
    let ends = Ends()
    self.ends = ends
    try ServerThread(on: nil) { [listener] in
      while let client = try? listener.accept() {
        guard !ends.isCut, let other = try? Socket.connected(to: server, options: [.noDelay(true)])
        else { continue }
        try? client.set(.noDelay(true))
        ends.add(client, other)
        for (from, to) in [(client, other), (other, client)] {
          _ = try? ServerThread(on: nil) { Self.pass(from, to) }
        }
      }
    }
  }

  deinit {
    listener.end()
    ends.cut()
  }

  /// Cuts it. What a side has not received by now is lost.
  public func cut() { ends.cut() }

  /// Lets connections through again.
  public func repair() { ends.repair() }

  private static func pass(_ from: Socket, _ to: Socket) {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    while let count = try? bytes.withUnsafeMutableBytes({ try from.receive($0) }), count > 0 {
      guard (try? bytes[..<count].withUnsafeBytes { try to.send($0) }) != nil else { break }
    }
    from.end()
    to.end()
  }

  /// The sockets of both sides.
  private final class Ends: Sendable {
    private let state = Mutex((isCut: false, sockets: [Socket]()))

    var isCut: Bool { state.withLock { $0.isCut } }

    func add(_ client: Socket, _ other: Socket) {
      state.withLock { state in
        state.sockets += [client, other]
        if state.isCut { for socket in state.sockets { socket.end() } }
      }
    }

    func cut() {
      state.withLock { state in
        for socket in state.sockets { socket.end() }
        state = (true, [])
      }
    }

    func repair() { state.withLock { $0.isCut = false } }
  }
}

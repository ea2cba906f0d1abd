import Harness
import Platform
import Systems

/// Listeners and their clients on one thread: clients connect while nobody accepts.
final class BurstServer {
  /// Whether all clients are connected, and accepted.
  var isOver: Bool { connected == count && accepted.count == count }
  /// Clients whose first SYN was dropped, in the last burst.
  private(set) var lateClients = 0
  private let all: Int
  /// Of the present burst.
  private var count = 0
  private let listeners: [Socket]
  private let poller: Poller
  private var begun: UInt64 = 0
  private var connected = 0
  private var accepted: [Socket] = []
  private var ready: [Int] = []

  init(clients: Int, listeners: Int, backlog: Int) throws {
    all = clients
    let options: [SocketOption] = listeners > 1 ? [.reusePort] : []
    var made = [try Socket.listening(backlog: backlog, options: options)]
    let endpoint = try made[0].endpoint()
    for _ in 1..<listeners {
      made.append(try .listening(at: endpoint, backlog: backlog, options: options))
    }
    self.listeners = made
    poller = try Poller()
    for (index, listener) in made.enumerated() {
      try listener.setNonblocking()
      try poller.add(listener, for: .reading, token: -1 - index)
    }
  }

  /// Begins to connect all clients. The first burst, of which only the result counts, is of those
  /// that fit every queue: it takes no second.
  func beginBurst() throws -> [Socket] {
    count = count == 0 ? min(all, smallBacklog) : all
    (connected, lateClients, begun) = (0, 0, Clock.now())
    let endpoint = try listeners[0].endpoint()
    return try (0..<count).map { token in
      let client = try Socket.connecting(to: endpoint, options: [.noDelay(true), .resetOnClose])
      try poller.add(client, for: .writing, token: token)
      return client
    }
  }

  /// Waits until something can be done, and does it: sends the number of a client that is
  /// connected, accepts a connection.
  func step(_ clients: [Socket]) throws {
    try poller.wait(for: 10_000_000_000, into: &ready)
    for token in ready {
      if token >= 0 {
        poller.remove(clients[token])
        try clients[token].checkConnection()
        if Clock.now() - begun > 500_000_000 { lateClients += 1 }
        connected += 1
        try withUnsafeBytes(of: UInt64(token)) { try clients[token].send($0) }
      } else if let connection = try listeners[-1 - token].acceptIfAny() {
        accepted.append(connection)
      }
    }
  }

  /// The sum of the numbers that were sent less what it should be; the connections end.
  func receiveAll() throws -> UInt64 {
    defer { accepted = [] }
    let wanted = UInt64(count * (count - 1) / 2)
    return try accepted.reduce(0) { try $0 &+ $1.receiveWord() } &- wanted
  }
}

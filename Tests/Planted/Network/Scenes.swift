import Glibc
import Platform
import Systems

typealias Scene = @Sendable () throws -> Void

/// By the name that a test calls them.
let scenes: [String: Scene] = [
  "check": { show(try pair(steady, back: LinkPath(delay: 5_000_000)).measure()) },
  "loss": transferOverLoss,
  "queue": overflow,
  "reordering": { try count(LinkPath(reordering: 0.2, lateness: 3_000_000)) },
  "jitter": { try count(LinkPath(jitter: 2_000_000)) },
  "tbf": { try compareWithTrafficControl() },
  "nft": { try compareWithFilter() },
  "capacity": { try measureCapacity() },
  "crowd": {
    let hosts = try (1...80).map { try Systems.Host($0) }; say("hosts", hosts.count)
  },
  "held": holdTheNetwork,
]

private let steady = LinkPath(rate: 50e6, delay: 5_000_000, loss: 0.02)

/// A line that a test reads.
func say(_ name: String, _ value: some CustomStringConvertible) { print("\(name): \(value)") }

func show(_ figures: LinkFigures) {
  say("round trip", figures.roundTrip)
  say("rate", Int(figures.rate.there ?? 0))
  say("loss", figures.loss.there)
}

func show(_ counts: PathCounts) {
  say("offered", counts[.offered])
  say("lost", counts[.lost])
  say("dropped", counts[.dropped])
  say("delivered", counts[.delivered])
  say("overtaking", counts[.overtaking])
  say("largest", counts[.largest])
  say("refused", counts[.refused])
}

func pair(_ there: LinkPath, back: LinkPath? = nil) throws -> Link {
  try Link(
    Systems.Host(1), Systems.Host(2), there: there, back: back, seed: 7,
    cpu: Affinity.allowed().last)
}

/// TCP repairs what the link loses.
private func transferOverLoss() throws {
  let link = try pair(LinkPath(delay: 1_000_000, loss: 0.03))
  let listener = try link.hosts.1.run { try Socket.listening(at: link.hosts.1.endpoint()) }
  let client = try link.hosts.0.run { try Socket.connected(to: listener.endpoint()) }
  let server = try listener.accept()
  let sent = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B9 >> 16) }
  var received = [UInt8](repeating: 0, count: sent.count)
  let receiver = try Side { try received.withUnsafeMutableBytes { _ = try server.receiveAll($0) } }
  try sent.withUnsafeBytes { try client.send($0) }
  receiver.join()
  say("intact", received == sent)
  show(link.counts.there)
}

/// More datagrams at once than the queue holds.
private func overflow() throws {
  let link = try pair(LinkPath(rate: 10e6, queueBytes: 15_000))
  try send(100, over: link)
  show(link.counts.there)
}

/// In which order datagrams come.
private func count(_ path: LinkPath) throws {
  let link = try pair(path, back: LinkPath())
  let order = try send(300, over: link)
  say("arrived", order.count)
  say("inversions", zip(order, order.dropFirst()).count { $0 > $1 })
  show(link.counts.there)
}

/// Keeps its namespaces until it is killed.
private func holdTheNetwork() throws {
  let link = try pair(steady)
  show(try link.measure())
  print("ready")
  fflush(nil)
  while true { sleep(60) }
}

import NIOCore

/// Clients of HTTP/1.1 and of HTTP/2 with an open loop, by SwiftNIO. Each keeps a connection and has
/// one request under way. Modern ones try HTTP/2 on each new connection, and HTTP/1.1 where the server
/// does not speak it, as clients do that negotiate; old ones speak HTTP/1.1 alone. Nothing that has
/// failed is sent again.
public final class VersionedClients: @unchecked Sendable {
  // SAFETY (@unchecked): all is touched on the loop of the clients alone; who starts a load waits
  // for its end.

  /// What a load has found.
  public struct Outcome: Sendable {
    /// Requests that were due.
    public fileprivate(set) var asked = 0
    /// Requests without a response of success.
    public fileprivate(set) var failed = 0
    /// Responses that were not what the same address gave when it was asked first.
    public fileprivate(set) var wrong = 0
    /// Nanoseconds from the time at which a request was due until its response was whole, by the
    /// version of HTTP.
    public fileprivate(set) var latencies: [Int: [Int]] = [:]
    /// Nanoseconds between two good responses that follow each other, at most; from the beginning
    /// for the first.
    public fileprivate(set) var longestGap = 0
  }

  private let loop: any EventLoop
  private let clients: [VersionedClient]
  private let paths: [String]
  private var bodies: [String: UInt64] = [:]
  private var outcome = Outcome()
  private var due: [NIODeadline] = []
  private var (turn, open) = (0, 0)
  private var lastGood = NIODeadline.now()
  private var isOver: EventLoopPromise<Void>
  /// Requests that were due when no client was free. Their latency counts all the same.
  private var waiting: [Int] = []

  /// - Parameters:
  ///   - count: of clients.
  ///   - modern: how many of them speak HTTP/2 as well.
  ///   - paths: what is asked for, in turn.
  ///   - loop: not the calling thread's.
  public init(
    _ count: Int, modern: Int, at endpoint: Endpoint, asking paths: [String],
    on loop: any EventLoop
  ) {
    self.loop = loop
    self.paths = paths
    // Old and modern ones come mixed.
    clients = (0..<count).map { number in
      let isModern = (number + 1) * modern / count > number * modern / count
      return VersionedClient(endpoint, isModern: isModern, on: loop)
    }
    isOver = loop.makePromise()
    isOver.succeed()
  }

  deinit { for client in clients { client.close() } }

  /// Sends requests when they are due, or as soon as a client is free, and waits until each has a
  /// response or has failed.
  public func play(_ arrivals: Arrivals) throws -> Outcome {
    try loop.submit { self.begin(arrivals) }.wait()
    return try loop.flatSubmit { self.isOver.futureResult }.map { self.outcome }.wait()
  }

  private func begin(_ arrivals: Arrivals) {
    (outcome, waiting, open) = (Outcome(), [], arrivals.times.count)
    isOver = loop.makePromise()
    let start = NIODeadline.now() + .milliseconds(1)
    lastGood = start
    due = arrivals.times.map { start + .nanoseconds(Int64($0)) }
    guard open > 0 else { return isOver.succeed() }
    next(0)
  }

  /// Sends what is due, from a request on.
  private func next(_ first: Int) {
    var request = first
    while request < due.count, due[request] <= NIODeadline.now() {
      outcome.asked += 1
      waiting.append(request)
      sendWaiting()
      request += 1
    }
    guard request < due.count else { return }
    loop.scheduleTask(deadline: due[request]) { [request] in self.next(request) }
  }

  private func sendWaiting() {
    guard let request = waiting.first,
      let free = clients.indices.first(where: { !clients[(turn + $0) % clients.count].isBusy })
    else { return }
    waiting.removeFirst()
    let client = clients[(turn + free) % clients.count]
    turn = (turn + free + 1) % clients.count
    let path = paths[request % paths.count]
    client.get(path) { reply in self.finish(request, reply, of: path) }
  }

  private func finish(_ request: Int, _ reply: VersionedReply?, of path: String) {
    let now = NIODeadline.now()
    if let reply, reply.status < 400 {
      let known = bodies[path] ?? reply.digest
      bodies[path] = known
      if known != reply.digest { outcome.wrong += 1 }
      outcome.latencies[reply.version, default: []].append(Int((now - due[request]).nanoseconds))
      outcome.longestGap = max(outcome.longestGap, Int((now - lastGood).nanoseconds))
      lastGood = now
    } else {
      outcome.failed += 1
    }
    open -= 1
    if open == 0 { isOver.succeed() } else { sendWaiting() }
  }
}

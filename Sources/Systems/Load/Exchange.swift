import CPerflab
import Glibc
import Platform

/// Connections that are open before a load starts, and the one thread that sends and receives on
/// them. For the thread that made it.
public final class Exchange {
  /// A server and how many connections it gets.
  public struct Group: Sendable, Equatable {
    /// Where it listens.
    public let endpoint: Endpoint
    /// Each carries one request at a time.
    public let connections: Int

    /// - Parameter connections: at least one.
    public init(_ endpoint: Endpoint, connections: Int) {
      self.endpoint = endpoint
      self.connections = connections
    }
  }

  /// What is counted so far in the load that runs.
  public internal(set) var result = LoadResult()
  /// When each request of the load was due, by `Clock`.
  public internal(set) var due: [UInt64] = []
  /// Attempts of each group that wait for their answers.
  public internal(set) var outstanding: [Int]
  /// Now, by `Clock`, at the last look at it.
  public internal(set) var now: UInt64 = 0

  /// Answers to the first so many requests make the result's digest: for closed loops, whose number
  /// of requests differs.
  public var digested = Int.max

  /// Connections that were opened again after the server had closed them, so far.
  public internal(set) var reconnections = 0

  let wire: any WireProtocol
  let groups: [Group]
  var connections: [Connection] = []
  /// Of each group, the one that was used last on top: its memory is in the caches.
  var free: [[Int]]
  /// Connections that failed, and whose attempts the policy does not know of yet.
  var lost: [Int] = []
  let poller: Poller
  var timers = TimerHeap()
  /// Requests that are due before this time have no latency in the result.
  var recordedFrom: UInt64 = 0
  var finished: [Bool] = []
  /// Requests that are not finished.
  var open = 0
  var bytes: [UInt8] = []
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
  var ready: [Int] = []

  /// Opens all connections.
  /// - Throws: `LoadError.system` where one is refused.
  public init(_ groups: [Group], wire: any WireProtocol) throws(LoadError) {
    self.groups = groups
    self.wire = wire
    outstanding = groups.map { _ in 0 }
    free = groups.map { _ in [] }
    DescriptorLimit.raise()
    do throws(SystemError) { poller = try Poller() } catch { throw .system(error) }
    for (index, group) in groups.enumerated() {
      for _ in 0..<group.connections {
        connections.append(Connection(group: index))
        try connect(connections.count - 1)
      }
    }
  }

  deinit { scratch.deallocate() }

  /// Connections of a group that are free.
  public func freeConnections(of group: Int) -> Int { free[group].count }

  /// Sends a request on a free connection.
  /// - Parameters:
  ///   - demand: nanoseconds that it is to take.
  ///   - tag: comes back with the answer.
  /// - Throws: `noFreeConnection`, `closed`.
  public func send(
    _ request: Int, demand: UInt64 = 0, to group: Int = 0, tag: Int = 0
  ) throws(LoadError) {
    guard let index = free[group].popLast() else {
      let isClosed = connections.allSatisfy { $0.attempt.group != group || $0.socket == nil }
      if isClosed { throw .closed(group: group) }
      throw .noFreeConnection(group: group, of: groups[group].connections)
    }
    let asked = Request(id: UInt64(request), demand: demand)
    connections[index].request = asked
    connections[index].isBusy = true
    connections[index].attempt = Attempt(
      request: request, tag: tag, group: group, sent: Clock.now())
    bytes.removeAll(keepingCapacity: true)
    wire.encode(asked, into: &bytes)
    outstanding[group] += 1
    result.sent += 1
    // A socket without outstanding bytes takes a request at once, or is broken.
    if transmit(on: index) == false { lost.append(index) }
  }

  /// Takes attempts at a request back, where they still wait for an answer and the protocol can.
  public func cancel(_ request: Int) {
    for index in connections.indices
    where connections[index].isBusy && connections[index].attempt.request == request {
      bytes.removeAll(keepingCapacity: true)
      wire.encodeCancel(of: connections[index].request, into: &bytes)
      guard !bytes.isEmpty else { return }
      _ = transmit(on: index)
    }
  }

  private func transmit(on index: Int) -> Bool {
    guard let socket = connections[index].socket else { return false }
    return perflab_send_now(socket.descriptor, bytes, UInt(bytes.count)) == bytes.count
  }

  /// Asks for `LoadPolicy.wake` at a time by `Clock`.
  public func wake(_ number: Int, at time: UInt64) { timers.insert(number, at: time) }

  /// Whether a request's latency counts: it was due after the warm-up.
  public func isRecorded(_ request: Int) -> Bool { due[request] >= recordedFrom }

  /// Whether a request is finished.
  public func isFinished(_ request: Int) -> Bool { finished[request] }

  /// Ends a request: its latency is taken now. Later calls for the same request do nothing.
  /// - Parameter answer: nil where there was none: the request has failed.
  public func finish(_ request: Int, _ answer: Answer?) {
    guard !finished[request] else { return }
    finished[request] = true
    open -= 1
    guard let answer, answer.status == .succeeded else {
      result.failed += 1
      return
    }
    result.answered += 1
    if isRecorded(request) { result.latencies.append(Int(now &- due[request])) }
    // A sum, so that the order of answers does not matter.
    if request < digested { result.digest &+= LoadResult.mixed(answer.digest) }
  }

  /// Adds a request that is due now: for loads that are not scheduled.
  /// - Returns: the request, to be sent.
  public func ask() -> Int {
    now = Clock.now()
    due.append(now)
    finished.append(false)
    open += 1
    result.asked += 1
    return due.count - 1
  }
}

import CPerflab
import Glibc
import Platform

/// One connection of an exchange.
struct Connection {
  /// Nil where it was lost.
  var socket: Socket?
  var isBusy = false
  var request = Request(id: 0)
  var attempt: Attempt
  /// Bytes of an answer that is not whole yet.
  var pending: [UInt8] = []

  init(group: Int) { attempt = Attempt(request: 0, tag: 0, group: group, sent: 0) }
}

extension Exchange {
  /// Opens a connection that is new or lost.
  func connect(_ index: Int) throws(LoadError) {
    let group = connections[index].attempt.group
    do throws(SystemError) {
      let socket = try Socket.connected(to: groups[group].endpoint, options: [.noDelay(true)])
      try poller.add(socket, for: .reading, token: index)
      connections[index] = Connection(group: group)
      connections[index].socket = socket
      free[group].append(index)
    } catch { throw .system(error) }
  }

  /// Replaces connections that were lost, or that still wait for the answers of an earlier load.
  func renew() throws(LoadError) {
    while try poll(for: 0, policy: nil) > 0 {}
    lost.removeAll()
    timers.removeAll()
    for index in connections.indices {
      if connections[index].isBusy { lose(index) }
      if connections[index].socket == nil { try connect(index) }
    }
  }

  /// Receives what there is; sleeps for at most so many nanoseconds until there is something.
  /// - Parameter policy: learns of answers; nil to ignore them.
  /// - Returns: connections that had something.
  @discardableResult
  func poll(for nanoseconds: UInt64, policy: (any LoadPolicy)?) throws(LoadError) -> Int {
    do throws(SystemError) {
      // Few at a time, so that requests that become due meanwhile don't wait.
      try poller.wait(for: nanoseconds, most: 64, into: &ready)
    } catch { throw .system(error) }
    for index in ready { try receive(index, policy) }
    while let index = lost.popLast() {
      let (attempt, wasBusy) = (connections[index].attempt, connections[index].isBusy)
      lose(index)
      if wasBusy { try policy?.receive(nil, to: attempt, on: self) }
    }
    return ready.count
  }

  private func receive(_ index: Int, _ policy: (any LoadPolicy)?) throws(LoadError) {
    guard let socket = connections[index].socket else { return }
    let count = perflab_receive_now(socket.descriptor, scratch.baseAddress, UInt(scratch.count))
    if count == -1 { return }
    guard count > 0 else { return lost.append(index) }
    now = Clock.now()
    let arrived = UnsafeRawBufferPointer(rebasing: scratch[..<count])
    guard connections[index].isBusy else { throw .garbage("\(count) bytes that nobody asked for") }
    let scan: AnswerScan
    if connections[index].pending.isEmpty {
      scan = wire.scan(arrived, for: connections[index].request)
      if scan == .partial { connections[index].pending.append(contentsOf: arrived) }
    } else {
      connections[index].pending.append(contentsOf: arrived)
      let request = connections[index].request
      scan = connections[index].pending.withUnsafeBytes { wire.scan($0, for: request) }
    }
    switch scan {
    case .partial: break
    case .garbage(let what): throw .garbage(what)
    case .whole(let answer, let bytes):
      let surplus = max(count, connections[index].pending.count) - bytes
      guard surplus == 0 else { throw .garbage("\(surplus) bytes behind an answer") }
      let attempt = connections[index].attempt
      connections[index].pending.removeAll(keepingCapacity: true)
      connections[index].isBusy = false
      outstanding[attempt.group] -= 1
      if answer.isLast {
        connections[index].socket = nil
      } else {
        free[attempt.group].append(index)
      }
      try policy?.receive(answer, to: attempt, on: self)
    }
  }

  private func lose(_ index: Int) {
    let group = connections[index].attempt.group
    if connections[index].isBusy {
      outstanding[group] -= 1
    } else {
      free[group].removeAll { $0 == index }
    }
    connections[index].isBusy = false
    connections[index].pending.removeAll()
    // Closing it also takes it out of the set that is watched.
    connections[index].socket = nil
  }
}

import NIOCore
import Synchronization

/// The connections that are open, and the requests that are being answered.
final class Visits: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var requests = 0
    var isEnding = false
  }

  private let state = Mutex(State())

  var connections: Int { state.withLock { $0.channels.count } }
  var requests: Int { state.withLock { $0.requests } }

  func add(_ channel: any Channel) {
    state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
  }

  func remove(_ channel: any Channel) {
    _ = state.withLock { $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  func beginRequest() { state.withLock { $0.requests += 1 } }
  func endRequest() { state.withLock { $0.requests -= 1 } }

  /// Whether responses are the last of their connections.
  var isEnding: Bool { state.withLock { $0.isEnding } }

  /// From now on each connection is closed when its next request is answered.
  func end() { state.withLock { $0.isEnding = true } }

  /// Closes connections without a request at once.
  func endIdle() {
    for channel in state.withLock({ Array($0.channels.values) }) {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }

  /// Closes what is still open.
  func closeAll() {
    for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
  }
}

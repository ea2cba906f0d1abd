import Platform

/// Why a load gave no figures. Each is one line.
public enum LoadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A request was due and all connections of its group waited for answers: the generator would
  /// have limited the load.
  case noFreeConnection(group: Int, of: Int)
  /// Nanoseconds. The generator itself was so late that its latencies mean little.
  case late(p99: Int, latencyP99: Int)
  /// The server does not speak the protocol.
  case garbage(String)
  /// The server closed all connections of a group.
  case closed(group: Int)
  /// None of so many requests was answered in time.
  case unanswered(Int)
  case system(SystemError)

  /// Whether the load, and not the server, is at fault: something may have disturbed the generator.
  public var isVoid: Bool {
    switch self {
    case .late, .noFreeConnection: true
    default: false
    }
  }

  /// One line.
  public var description: String {
    switch self {
    case .noFreeConnection(let group, let count):
      "void: all \(count) connections to server \(group) waited for answers when a request was due"
    case .late(let late, let latency):
      "void: the load generator was up to \(late / 1_000) µs late (p99), more than 5% of the "
        + "latency's p99 of \(latency / 1_000) µs"
    case .garbage(let what): "the server does not speak the protocol: \(what)"
    case .closed(let group): "server \(group) closed all connections"
    case .unanswered(let count): "none of \(count) requests was answered"
    case .system(let error): "\(error)"
    }
  }
}

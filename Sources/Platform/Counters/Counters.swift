import CPerflab
import Glibc

/// Counters of the processor and of the kernel, for the thread that made them or for all threads
/// that it starts afterwards. Hardware events count user mode alone.
///
/// An event that can't be had is in `unavailable` with its errno and never a zero. Not sendable:
/// the counters belong to the thread that opened them. Source: perf_event_open(2).
public final class Counters {
  /// Whose events are counted.
  public enum Scope: Equatable, Sendable {
    /// The calling thread. A group is read in one call.
    case thread
    /// The calling thread, and threads and processes that it starts after this. Each event is
    /// read alone, since the kernel had no group reading for these before Linux 6.13.
    case inherited
  }

  /// The events that could not be opened, and why.
  public let unavailable: [CounterUnavailable]
  private let groups: [Group]
  private let buffer: UnsafeMutableBufferPointer<UInt64>

  /// The events that are counted.
  public var available: [CounterEvent] { groups.flatMap(\.events) }

  /// Opens what can be opened. Nothing is counted before `start`.
  public convenience init(
    _ events: [CounterEvent] = CounterEvent.allCases, scope: Scope = .thread
  ) {
    self.init(events, scope: scope) { event, leader, userOnly, inherit in
      perflab_perf_open(
        event.kind.type, event.kind.config, leader, userOnly ? 1 : 0, inherit ? 1 : 0)
    }
  }

  /// Opens one event: gives a descriptor or a negated errno.
  typealias Opener = (
    _ event: CounterEvent, _ leader: Int32, _ userOnly: Bool, _ inherit: Bool
  ) -> Int32

  init(_ events: [CounterEvent], scope: Scope, open: Opener) {
    var groups: [Group] = []
    var unavailable: [CounterUnavailable] = []
    for wanted in CounterEvent.groups {
      var group: Group?
      for event in wanted where events.contains(event) {
        let leader = scope == .thread ? group?.leader : nil
        var descriptor = Self.open(event, leader ?? -1, scope, open)
        if descriptor < 0, leader != nil {
          // It may not fit beside the others, and still be had by itself.
          let alone = Self.open(event, -1, scope, open)
          if alone >= 0 {
            groups.append(Group(event, alone))
            continue
          }
          descriptor = alone
        }
        if descriptor < 0 {
          unavailable.append(CounterUnavailable(event: event, errno: -descriptor))
        } else if leader != nil {
          group?.append(event, descriptor)
        } else {
          if let finished = group { groups.append(finished) }
          group = Group(event, descriptor)
        }
      }
      if let group { groups.append(group) }
    }
    self.groups = groups
    self.unavailable = unavailable
    buffer = .allocate(capacity: 3 + CounterEvent.allCases.count)
    buffer.initialize(repeating: 0)
  }

  deinit {
    for descriptor in groups.flatMap(\.descriptors) { close(descriptor) }
    buffer.deallocate()
  }

  private static func open(
    _ event: CounterEvent, _ leader: Int32, _ scope: Scope, _ open: Opener
  ) -> Int32 {
    let inherit = scope == .inherited
    switch event.scope {
    case .user: return open(event, leader, true, inherit)
    case .kernel: return open(event, leader, false, inherit)
    case .everything:
      let descriptor = open(event, leader, false, inherit)
      return descriptor == -EACCES || descriptor == -EPERM
        ? open(event, leader, true, inherit) : descriptor
    }
  }

  /// Begins to count, from where it stopped. One call of the kernel for each group.
  public func start() {
    for group in groups { _ = perflab_perf_enable(group.leader, group.isShared ? 1 : 0) }
  }

  /// Stops counting.
  public func stop() {
    for group in groups { _ = perflab_perf_disable(group.leader, group.isShared ? 1 : 0) }
  }

  /// Where the counters stand. One call of the kernel for each group.
  public func read() -> CounterReading {
    var reading = CounterReading(
      raw: Array(repeating: nil, count: CounterEvent.allCases.count), unavailable: unavailable)
    for group in groups {
      let count = Glibc.read(group.leader, buffer.baseAddress, buffer.count * 8)
      // Alone and inherited: value, enabled, running. Else: number, enabled, running, values.
      let grouped = count == 8 * (3 + group.events.count)
      guard grouped && buffer[0] == UInt64(group.events.count) || count == 24 else {
        let error = count < 0 ? errno : EIO
        reading.unavailable += group.events.map { CounterUnavailable(event: $0, errno: error) }
        continue
      }
      for (place, event) in group.events.enumerated() {
        guard let index = CounterEvent.allCases.firstIndex(of: event) else { continue }
        reading.raw[index] = CounterReading.Raw(
          value: grouped ? buffer[3 + place] : buffer[0], enabled: buffer[1], running: buffer[2])
      }
    }
    return reading
  }

  /// Events behind one leader.
  private struct Group {
    private(set) var events: [CounterEvent]
    private(set) var descriptors: [Int32]

    init(_ event: CounterEvent, _ descriptor: Int32) {
      events = [event]
      descriptors = [descriptor]
    }

    var leader: Int32 { descriptors[0] }
    var isShared: Bool { events.count > 1 }

    mutating func append(_ event: CounterEvent, _ descriptor: Int32) {
      events.append(event)
      descriptors.append(descriptor)
    }
  }
}

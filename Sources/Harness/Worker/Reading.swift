import Platform

/// What the kernel has charged to the worker up to a moment.
struct Reading {
  /// A sample counts as preempted when it waited for a processor for at least this share of its
  /// time: the switch itself costs microseconds, which a long sample does not notice.
  static let noticeableShare = 0.01

  private let process: ResourceUsage
  private let thread: ThreadAccounting
  /// Run delays of the main thread and the team's, nil where the kernel does not say.
  private let runDelay: UInt64?

  private let events: CounterReading?

  /// - Parameter counters: nil where the processor offers none.
  init(_ accountant: ThreadAccountant, _ teams: TeamSource, _ counters: Counters?) {
    events = counters?.read()
    process = ProcessAccounting.read()
    thread = accountant.read()
    let delays = teams.runDelays() + [thread.runDelayNanoseconds]
    runDelay = delays.contains(nil) ? nil : delays.compactMap { $0 }.reduce(0, +)
  }

  /// Whether something else ran on one of the worker's processors for a noticeable time. Where the
  /// kernel keeps no run delays, every involuntary switch counts.
  func wasPreempted(since before: Reading, during elapsed: UInt64) -> Bool {
    let used = process - before.process
    guard used.involuntarySwitches > 0 else { return false }
    guard let runDelay, let earlier = before.runDelay else { return true }
    return Double(runDelay &- earlier) >= Self.noticeableShare * Double(elapsed)
  }

  /// How long a sample that was preempted waited at most: all of it where the kernel does not say.
  func lost(since before: Reading, during elapsed: UInt64) -> Double {
    guard runDelay != nil, before.runDelay != nil else { return Double(elapsed) }
    return Double(delay(since: before))
  }

  /// Nothing where one of the two readings has no value: a team may have been formed in between.
  private func delay(since before: Reading) -> UInt64 {
    guard let runDelay, let earlier = before.runDelay, runDelay >= earlier else { return 0 }
    return runDelay - earlier
  }

  /// Counters by name; those that stayed at zero are left out.
  func counters(since before: Reading) -> [String: Double] {
    let used = process - before.process
    let own = thread - before.thread
    let all: [(String, UInt64)] = [
      ("user time", used.userNanoseconds),
      ("system time", used.systemNanoseconds),
      ("cpu time", used.cpuNanoseconds),
      ("voluntary switches", used.voluntarySwitches),
      ("involuntary switches", used.involuntarySwitches),
      ("minor faults", used.minorFaults),
      ("major faults", used.majorFaults),
      ("run delay", delay(since: before)),
      ("migrations", own.migrations ?? 0),
    ]
    var table = Dictionary(
      uniqueKeysWithValues: all.filter { $0.1 > 0 }.map { ($0.0, Double($0.1)) })
    if let events, let earlier = before.events {
      let counted = events - earlier
      for event in CounterEvent.allCases {
        if case .success(let value) = counted[event] { table[event.label] = value.count }
      }
    }
    return table
  }
}

/// Marks the samples during which the hypervisor took a processor away.
///
/// Reading `/proc/stat` is expensive and it counts in ticks. So it is read every few milliseconds,
/// and a rise marks all samples since the last reading, and is divided among them. What was stolen
/// from a team's processors counts only where another thread than the measuring one ran.
struct StealWatch {
  private static let interval: UInt64 = 5_000_000
  /// The two accounts of processor time are read one after the other.
  private static let noticeableShare = 0.01

  /// The measuring processor first.
  private let cpus: [Int]
  private let accountant: ThreadAccountant
  private var last: [UInt64]?
  private var lastLook: UInt64
  private var lastOthers: UInt64
  /// Index of the first sample that no look has covered yet.
  private var unsettled = 0

  init(cpus: [Int], accountant: ThreadAccountant) {
    self.cpus = cpus
    self.accountant = accountant
    last = StealTime.each(of: cpus)
    lastLook = Clock.now()
    lastOthers = Self.others(than: accountant)
  }

  mutating func look(at samples: inout [Sample], isLast: Bool) {
    let now = Clock.now()
    guard isLast || now - lastLook >= Self.interval else { return }
    let totals = StealTime.each(of: cpus)
    let others = Self.others(than: accountant)
    let window = Double(now - lastLook)
    let onlyMeasuring = Double(others &- lastOthers) < Self.noticeableShare * window
    if let totals, let last {
      let rises = zip(totals, last).map { $0 > $1 ? Double($0 - $1) : 0 }
      charge(onlyMeasuring ? rises.first ?? 0 : rises.reduce(0, +), to: &samples)
    }
    (last, lastLook, lastOthers) = (totals, now, others)
    unsettled = isLast ? 0 : samples.count
  }

  private func charge(_ stolen: Double, to samples: inout [Sample]) {
    guard stolen > 0 else { return }
    let time = samples[unsettled...].reduce(0) { $0 + $1.nanoseconds }
    for index in unsettled..<samples.count {
      samples[index].disturbances.append(Disturbance.stolen.rawValue)
      samples[index].lostNanoseconds += stolen * samples[index].nanoseconds / max(1, time)
    }
  }

  /// Processor time of the process's other threads, ended ones included.
  private static func others(than accountant: ThreadAccountant) -> UInt64 {
    let own = accountant.read().usage.cpuNanoseconds
    let all = ProcessAccounting.read().cpuNanoseconds
    return all > own ? all - own : 0
  }
}

extension CounterEvent {
  /// As pages and `signals` name it: `branch misses`.
  var label: String { String(rawValue.map { $0 == "-" ? " " : $0 }) }

  /// Those that the processor counts: the kernel's own come from its accounts.
  static var hardware: [CounterEvent] { allCases.filter(\.isHardware) }
}

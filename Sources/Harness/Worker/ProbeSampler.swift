import Platform
import Results
import Statistics

/// Takes one value of a probe in this process.
///
/// A probe has no partner to be compared with, so nothing is interleaved: samples one after the
/// other, their median, and a fresh process for the next value.
public struct ProbeSampler: Sendable {
  /// A sample is long against the clock's cost and resolution.
  public var sampleNanoseconds: UInt64 = 100_000
  /// Timed time for one probe.
  public var budgetNanoseconds: UInt64 = 10_000_000
  /// Even of a kernel that outlasts the budget; a median needs three.
  public var minimumSamples = 3
  /// Enough for a median; the rest of the time is better spent in another process.
  public var maximumSamples = 41
  /// How often a probe is timed again after the hypervisor took a processor away meanwhile.
  public var repetitions = 2

  /// The sizes for `perflab numbers`.
  public init() {}

  /// What one process has to say of a probe.
  public struct Value: Equatable, Sendable, Codable {
    /// Of the probe.
    public var name: String
    /// Nil where it could not be had.
    public var value: Double?
    /// Why there is no value.
    public var missing: String?
    /// Timed samples behind the value.
    public var samples: Int
    /// Nanoseconds of a cycle of the core meanwhile; nil where there is no value.
    public var cycle: Double?
    /// Additions in a cycle of the core of each thread, the measuring one first: the median over
    /// the timed samples.
    public var additionsPerCycle: [Double]

    /// Puts the properties together.
    public init(
      name: String, value: Double?, missing: String? = nil, samples: Int = 0, cycle: Double? = nil,
      additionsPerCycle: [Double] = []
    ) {
      self.name = name
      self.value = value
      self.missing = missing
      self.samples = samples
      self.cycle = cycle
      self.additionsPerCycle = additionsPerCycle
    }
  }

  private struct Sample {
    /// Nanoseconds of a call.
    let time: Double
    /// By member.
    let additionsPerCycle: [Double]
  }

  /// The samples of a kernel.
  struct Samples {
    /// Nanoseconds of a call; those on a shared core are left out where enough others remain.
    var times: [Double] = []
    /// Nanoseconds of a cycle of the core around each sample, those left out too.
    var cycles: [Double] = []
    /// By sample, of those kept, then by member.
    var additionsPerCycle: [[Double]] = []
  }

  /// Prepares the probe and measures it. A probe that is not to be had here gives its reason.
  /// - Parameters:
  ///   - teams: the threads that its kernel may ask for.
  ///   - cpus: where it may run; time that is stolen from them counts.
  ///   - core: what this process's core has been seen to do, and learns what it does now.
  func take(
    _ probe: Probe, at point: Point, teams: TeamSource, cpus: [Int] = [], core: inout CoreShare
  ) -> Value {
    do {
      teams.largestAsked = 1
      let kernel = try probe.variant.prepare(point)
      let members = teams.largestAsked
      let reading = probe.reading(point.value)
      var found = Samples()
      for _ in 0...repetitions {
        let stolen = StealTime.read(cpus: cpus)
        found = try samples(of: kernel, members: members, teams: teams, core: &core)
        if StealTime.read(cpus: cpus) == stolen { break }
      }
      let value = reading.value(nanoseconds: found.times.median(), reports: kernel.report)
      return Value(
        name: probe.name, value: value, samples: found.times.count, cycle: found.cycles.median(),
        additionsPerCycle: (0..<members).map { member in
          found.additionsPerCycle.map { $0[member] }.median()
        })
    } catch let unavailable as ProbeUnavailable {
      return Value(name: probe.name, value: nil, missing: unavailable.reason)
    } catch {
      return Value(name: probe.name, value: nil, missing: "\(error)")
    }
  }

  /// One sample after the other; the first calls warm up and set how many calls make a sample. Where
  /// the core is shared, the whole budget is spent on enough samples that it was not.
  /// - Parameter members: of the kernel's team; 1 where it has none.
  func samples(
    of kernel: PreparedKernel, members: Int = 1, teams: TeamSource, core: inout CoreShare
  ) throws -> Samples {
    let calls = callsOfASample(kernel)
    var all: [Sample] = []
    var (own, spent): (Int, UInt64) = (0, 0)
    var cycles: [Double] = []
    var gauge = try teams.gauge(members)
    while all.count < minimumSamples
      || (spent < budgetNanoseconds && (all.count < maximumSamples || own < minimumSamples))
    {
      let time = Self.time(kernel, calls: calls)
      let next = try teams.gauge(members)
      // A neighbour may have come or gone meanwhile; what else lowers a reading costs a sample.
      let additions = zip(gauge, next).map { min($0.additionsPerCycle, $1.additionsPerCycle) }
      all.append(Sample(time: Double(time) / Double(calls), additionsPerCycle: additions))
      cycles.append((gauge[0].cycle + next[0].cycle) / 2)
      if core.share(additions) >= CoreShare.undisturbed { own += 1 }
      gauge = next
      spent += time
    }
    core.learn(from: all.map(\.additionsPerCycle))
    let kept = best(of: all, on: core)
    return Samples(
      times: kept.map(\.time), cycles: cycles, additionsPerCycle: kept.map(\.additionsPerCycle))
  }

  /// Those of a core that was all its own, or else hardly shared, or else all of them.
  private func best(of samples: [Sample], on core: CoreShare) -> [Sample] {
    for share in [CoreShare.undisturbed, CoreShare.noticeable] {
      let own = samples.filter { core.share($0.additionsPerCycle) >= share }
      if own.count >= minimumSamples { return own }
    }
    return samples
  }

  /// Calls that take as long as a sample shall; they warm up.
  private func callsOfASample(_ kernel: PreparedKernel) -> Int {
    var calls = 1
    while true {
      let time = Self.time(kernel, calls: calls)
      if time >= sampleNanoseconds || calls >= 1 << 20 { return calls }
      let wanted = Double(sampleNanoseconds) * 1.1 / Double(max(time, 1)) * Double(calls)
      calls = min(max(calls + 1, Int(wanted)), calls * 64)
    }
  }

  private static func time(_ kernel: PreparedKernel, calls: Int) -> UInt64 {
    let start = Clock.now()
    for _ in 0..<calls { _ = kernel.call() }
    return Clock.now() - start
  }
}

extension Probe.Reading {
  /// The number, from the time of one kernel call.
  func value(nanoseconds: Double, reports: () -> [String: Counter]) -> Double? {
    switch self {
    case .operations(let count): nanoseconds / count
    case .rate(let amount): amount / nanoseconds * 1e9
    case .reported(let name): reports()[name]?.value
    }
  }
}

import Platform
import Results

/// Takes one value of a probe in this process.
///
/// A probe has no partner to be compared with, so nothing is interleaved: samples one after the
/// other, their median, and a fresh process for the next value.
public struct ProbeSampler: Sendable {
  /// A sample is long against the clock's cost and resolution.
  public var sampleNanoseconds: UInt64 = 100_000
  /// Timed time for one probe.
  public var budgetNanoseconds: UInt64 = 10_000_000
  /// Even of a kernel that outlasts the budget.
  public var minimumSamples = 5
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

    /// Puts the properties together.
    public init(
      name: String, value: Double?, missing: String? = nil, samples: Int = 0, cycle: Double? = nil
    ) {
      self.name = name
      self.value = value
      self.missing = missing
      self.samples = samples
      self.cycle = cycle
    }
  }

  /// The samples of a kernel.
  struct Samples {
    /// Nanoseconds of a call; those on a shared core are left out unless all are.
    var times: [Double] = []
    /// Nanoseconds of a cycle of the core around each sample, those left out too.
    var cycles: [Double] = []
  }

  /// Prepares the probe and measures it. A probe that is not to be had here gives its reason.
  /// - Parameters:
  ///   - cpus: where it may run; time that is stolen from them counts.
  ///   - core: what this process's core has been seen to do, and learns what it does now.
  func take(
    _ probe: Probe, at point: Point, cpus: [Int] = [], core: inout CoreShare
  ) -> Value {
    do {
      let kernel = try probe.variant.prepare(point)
      let reading = probe.reading(point.value)
      var found = Samples()
      for _ in 0...repetitions {
        let stolen = StealTime.read(cpus: cpus)
        found = samples(of: kernel, core: &core)
        if StealTime.read(cpus: cpus) == stolen { break }
      }
      let value = reading.value(nanoseconds: median(found.times), reports: kernel.report)
      return Value(
        name: probe.name, value: value, samples: found.times.count, cycle: median(found.cycles))
    } catch let unavailable as ProbeUnavailable {
      return Value(name: probe.name, value: nil, missing: unavailable.reason)
    } catch {
      return Value(name: probe.name, value: nil, missing: "\(error)")
    }
  }

  /// One sample after the other; the first calls warm up and set how many calls make a sample.
  func samples(of kernel: PreparedKernel, core: inout CoreShare) -> Samples {
    let calls = callsOfASample(kernel)
    var times: [(time: Double, additionsPerCycle: [Double])] = []
    var spent: UInt64 = 0
    var cycles: [Double] = []
    var gauge = CoreGauge.read()
    while times.count < minimumSamples
      || (spent < budgetNanoseconds && times.count < maximumSamples)
    {
      let time = Self.time(kernel, calls: calls)
      let next = CoreGauge.read()
      times.append(
        (Double(time) / Double(calls), [max(gauge.additionsPerCycle, next.additionsPerCycle)]))
      cycles.append((gauge.cycle + next.cycle) / 2)
      gauge = next
      spent += time
    }
    core.learn(from: times.map(\.additionsPerCycle))
    let own = times.filter { !core.isShared($0.additionsPerCycle) }
    return Samples(times: (own.isEmpty ? times : own).map(\.time), cycles: cycles)
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

  func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
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

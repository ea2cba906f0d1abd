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

    /// Puts the properties together.
    public init(name: String, value: Double?, missing: String? = nil, samples: Int = 0) {
      self.name = name
      self.value = value
      self.missing = missing
      self.samples = samples
    }
  }

  /// Prepares the probe and measures it. A probe that is not to be had here gives its reason.
  func take(_ probe: Probe, at point: Point) -> Value {
    do {
      let kernel = try probe.variant.prepare(point)
      let reading = probe.reading(point.value)
      let times = samples(of: kernel)
      let value = reading.value(nanoseconds: median(times), reports: kernel.report)
      return Value(name: probe.name, value: value, samples: times.count)
    } catch let unavailable as ProbeUnavailable {
      return Value(name: probe.name, value: nil, missing: unavailable.reason)
    } catch {
      return Value(name: probe.name, value: nil, missing: "\(error)")
    }
  }

  /// Nanoseconds of one kernel call, sample by sample; the first calls warm up and set how many
  /// calls make a sample.
  func samples(of kernel: PreparedKernel) -> [Double] {
    var calls = 1
    while true {
      let time = Self.time(kernel, calls: calls)
      if time >= sampleNanoseconds || calls >= 1 << 20 { break }
      let wanted = Double(sampleNanoseconds) * 1.1 / Double(max(time, 1)) * Double(calls)
      calls = min(max(calls + 1, Int(wanted)), calls * 64)
    }
    var times: [Double] = []
    var spent: UInt64 = 0
    while times.count < minimumSamples
      || (spent < budgetNanoseconds && times.count < maximumSamples)
    {
      let time = Self.time(kernel, calls: calls)
      times.append(Double(time) / Double(calls))
      spent += time
    }
    return times
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

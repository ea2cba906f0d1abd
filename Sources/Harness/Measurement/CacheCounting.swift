import Platform
import Results

/// Counts where the accesses of an experiment's kernels are served, at every value of its sweep.
///
/// A process that makes n calls and one that makes 2n differ by n calls: what preparing costs, and
/// what the first calls find in the caches, is in both.
public struct CacheCounting: Sendable {
  /// Who counts.
  public enum Method: Sendable {
    case hardware
    /// - Parameters:
    ///   - tool: path of valgrind.
    ///   - laboratory: path of this executable, which valgrind cannot find by `/proc/self/exe`.
    ///   - caches: as `Cachegrind.caches` gives them; two at least.
    ///   - output: reads and removes the file that it should write.
    case simulation(
      tool: String, laboratory: String, caches: [Machine.Cache],
      output: @Sendable (_ write: (String) throws -> Void) throws -> String)
  }

  /// Elements that the calls should handle: enough for what starting a process varies by to vanish.
  private static let elements = 262_144.0

  private let experiment: Experiment
  private let method: Method
  private let launch: WorkerLaunch
  private let facilities: Facilities
  private let cpus: [Int]
  private let seed: UInt64

  /// - Parameter launch: this executable, without arguments.
  public init(
    _ experiment: Experiment, method: Method, launch: WorkerLaunch, facilities: Facilities,
    cpus: [Int], seed: UInt64
  ) {
    self.experiment = experiment
    self.method = method
    self.launch = launch
    self.facilities = facilities
    self.cpus = cpus
    self.seed = seed
  }

  /// Whether the processor counts what is needed, for this process.
  public static var hasHardware: Bool {
    let wanted: [CounterEvent] = [.l1dLoadMisses, .cacheReferences, .cacheMisses]
    return Set(Counters(wanted).available).isSuperset(of: wanted)
  }

  /// Counts at the values of the sweep whose labels are given; all of them where none is.
  /// - Parameter progress: called before each variant.
  /// - Throws: `PointFailure` when interrupted; every other failure is in the result.
  public func points(
    at labels: [String] = [], progress: (_ point: String, _ variant: String) -> Void
  ) throws(PointFailure) -> [CacheCounts.Point] {
    var points: [CacheCounts.Point] = []
    for parameter in experiment.sweep.values
    where labels.isEmpty || labels.contains(parameter.label) {
      var point = CacheCounts.Point(parameter: parameter)
      for index in experiment.variants.indices {
        let variant = experiment.variants[index]
        progress(parameter.label, variant.name)
        point.variants.append(try counted(variant, index, at: parameter))
      }
      points.append(point)
    }
    return points
  }

  private func counted(
    _ variant: Variant, _ index: Int, at parameter: Parameter
  ) throws(PointFailure) -> CacheCounts.Variant {
    let needs = experiment.needs + experiment.sweep.needs(parameter.value) + variant.needs
    if let unmet = facilities.unmet(needs).first {
      return CacheCounts.Variant(name: variant.name, missing: unmet)
    }
    let elements = max(1, experiment.work(parameter.value).elements)
    let calls = Int(max(1, Self.elements / elements))
    let order = KernelCalls(
      experiment: experiment.id, variant: index, parameter: parameter, seed: seed, cpus: cpus,
      calls: calls)
    do {
      switch method {
      case .hardware:
        return try hardware(order, variant, elements: elements * Double(calls))
      case .simulation(let tool, let laboratory, let caches, let output):
        let simulation = Simulation(
          tool: tool, laboratory: laboratory, caches: caches, output: output, launch: launch)
        return try simulation.count(order, variant, elements: elements * Double(calls))
      }
    } catch PointFailure.worker(.interrupted, let doing) {
      throw .worker(.interrupted, doing: doing)
    } catch { return CacheCounts.Variant(name: variant.name, missing: "\(error)") }
  }

  private func hardware(
    _ order: KernelCalls, _ variant: Variant, elements: Double
  ) throws -> CacheCounts.Variant {
    var twice = order
    twice.calls *= 2
    let few = try order.run(variant, launch: launch)
    let many = try twice.run(variant, launch: launch)
    func count(_ event: CounterEvent) -> Double? {
      guard let after = many[event.rawValue], let before = few[event.rawValue] else { return nil }
      return max(0, after - before) / elements
    }
    var levels: [CacheCounts.Level] = []
    if let misses = count(.l1dLoadMisses) {
      levels.append(CacheCounts.Level(name: "L1", accesses: nil, misses: misses))
    }
    if let misses = count(.cacheMisses) {
      levels.append(
        CacheCounts.Level(
          name: "last-level cache", accesses: count(.cacheReferences), misses: misses))
    }
    return CacheCounts.Variant(
      name: variant.name, missing: levels.isEmpty ? "the hardware counters counted nothing" : nil,
      instructions: count(.instructions), levels: levels)
  }
}

/// The same by cachegrind, which simulates two levels at a time; a further one needs its own run.
private struct Simulation {
  let tool: String
  let laboratory: String
  let caches: [Machine.Cache]
  let output: @Sendable (_ write: (String) throws -> Void) throws -> String
  let launch: WorkerLaunch

  func count(
    _ order: KernelCalls, _ variant: Variant, elements: Double
  ) throws -> CacheCounts.Variant {
    var result = CacheCounts.Variant(name: variant.name)
    for last in caches.dropFirst() {
      let counted = try difference(order, variant, last: last)
      if result.levels.isEmpty {
        result.instructions = counted.instructions / elements
        result.levels = [
          CacheCounts.Level(
            name: "L\(caches[0].level)", accesses: counted.accesses / elements,
            misses: counted.firstMisses / elements)
        ]
      }
      // What one level misses is what the next is asked for.
      let asked = result.levels[result.levels.count - 1].misses
      result.levels.append(
        CacheCounts.Level(
          name: "L\(last.level)", accesses: asked, misses: counted.lastMisses / elements))
    }
    return result
  }

  private func difference(
    _ order: KernelCalls, _ variant: Variant, last: Machine.Cache
  ) throws -> Cachegrind.Totals {
    var twice = order
    twice.calls *= 2
    return try totals(twice, variant, last: last) - totals(order, variant, last: last)
  }

  private func totals(
    _ order: KernelCalls, _ variant: Variant, last: Machine.Cache
  ) throws -> Cachegrind.Totals {
    let text = try output { path in
      var launch = launch
      launch.path = tool
      launch.arguments =
        Cachegrind.arguments(first: caches[0], last: last, output: path) + [laboratory]
      // Hashing must not differ between the two processes.
      _ = try order.run(
        variant, launch: launch, variables: ["SWIFT_DETERMINISTIC_HASHING": "1"])
    }
    return try Cachegrind.totals(in: text)
  }
}

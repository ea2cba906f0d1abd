import CPerflab
import Glibc
import Platform
import Results
import Statistics

/// Holds prepared kernels and times them.
final class Sampler {
  let readiness: Readiness
  private let experiment: Experiment
  private let kernels: [PreparedKernel?]
  /// Of the largest team that each instance asked for; 1 where it asked for none.
  private let members: [Int]
  private let names: [String]
  /// By instance, in nanoseconds: for its threads to fall asleep.
  private let pauses: [UInt64]
  /// Nil where threads run wherever the system puts them.
  private let measuringCPU: Int?
  /// By instance; a limit does less than the others, and agrees with itself alone.
  private let isLimit: [Bool]
  /// By instance, nil before the first call.
  private var expected: [Checksum?]
  private let teams: TeamSource
  private let accountant = ThreadAccountant()
  private let counters: Counters?
  private var steal: StealWatch

  /// Pins the calling thread if wanted, prepares every instance of the assignment, checks that their results
  /// agree, and times a few calls of each.
  init(_ assignment: Assignment, catalog: [Experiment], isPinned: Bool) throws {
    guard let experiment = catalog.first(where: { $0.id == assignment.experiment }) else {
      throw Trouble.unknownExperiment(assignment.experiment)
    }
    self.experiment = experiment
    let cpu = assignment.cpus.first ?? 0
    measuringCPU = isPinned ? cpu : nil
    do {
      // Unpinned, the parent's restriction to other processors is still to be lifted.
      try isPinned ? Affinity.pin(to: cpu) : Affinity.restrict(to: assignment.cpus)
    } catch {
      throw Trouble.pinning(cpu: cpu, errno: error.errno)
    }
    // Before any thread is started, so that all of them are counted.
    let counters = Counters(CounterEvent.hardware, scope: .inherited)
    self.counters = counters.available.isEmpty ? nil : counters
    counters.start()
    let teams = TeamSource(cpus: assignment.cpus, isPinned: isPinned)
    self.teams = teams
    let point = Point(
      assignment.parameter, seed: assignment.seed, teams: teams, turn: assignment.turn)
    let variants = assignment.instances.map { $0.map { experiment.variants[$0] } }
    names = variants.map { $0?.name ?? "" }
    pauses = variants.map { $0?.idleSpin ?? 0 }
    var prepared = [PreparedKernel?](repeating: nil, count: variants.count)
    var members = variants.map { _ in 1 }
    // In random order: what is prepared first gets other memory than what comes last, which must
    // not fall on the same instance in every process.
    var generator = SeededGenerator(seed: assignment.seed, stream: 2)
    for index in variants.indices.shuffled(using: &generator) {
      guard let variant = variants[index] else { continue }
      try Self.prove(variant.environment.preload)
      teams.largestAsked = 1
      do { prepared[index] = try variant.prepare(point) } catch {
        throw Trouble.preparation(variant: variant.name, message: "\(error)")
      }
      members[index] = teams.largestAsked
    }
    kernels = prepared
    self.members = members
    isLimit = variants.map { $0?.yardstick == .limit }
    expected = variants.map { _ in nil }
    let calls = kernels.map { kernel in
      assignment.firstCall == .sampled ? nil : kernel.map { Self.time($0.call, iterations: 1) }
    }
    readiness = Readiness(
      version: WorkerProtocol.version, checksums: calls.map { $0?.checksum },
      callNanoseconds: assignment.firstCall == .timed
        ? Self.callTimes(kernels, of: assignment.instances, first: calls.map { $0?.elapsed })
        : kernels.map { $0.map { _ in 0 } },
      unavailable: Dictionary(
        uniqueKeysWithValues: counters.unavailable.map { ($0.event.label, $0.reason) }))
    steal = StealWatch(cpus: assignment.cpus, accountant: accountant)
    for (instance, call) in calls.enumerated() {
      if let call { try expect(call.checksum, of: instance) }
    }
  }

  /// Compares a result with the first one.
  private func expect(_ checksum: Checksum, of instance: Int) throws {
    guard let expected = expected[instance] else {
      for other in self.expected.indices
      where isLimit[instance] ? other == instance : !isLimit[other] {
        self.expected[other] = checksum
      }
      return
    }
    guard checksum.agrees(with: expected, within: experiment.tolerance) else {
      throw Trouble.wrongResult(variant: names[instance], expected: expected, found: checksum)
    }
  }

  /// Times the instances in the order given.
  /// - Parameter warmUpCalls: by instance, those that live in other workers included.
  func run(_ order: [Int], iterations: Int, warmUpCalls: [Int]) throws -> [Sample] {
    guard warmUpCalls.count == kernels.count else {
      throw Trouble.protocolMismatch(
        "warm-up calls for \(warmUpCalls.count) instances instead of \(kernels.count)")
    }
    var samples: [Sample] = []
    samples.reserveCapacity(order.count)
    var gauge: [CoreGauge.Reading] = []
    for instance in order {
      guard let kernel = kernels.indices.contains(instance) ? kernels[instance] : nil else {
        throw Trouble.protocolMismatch("instance \(instance) belongs to another worker")
      }
      let members = members[instance]
      // The sample before may have been that of a smaller team.
      if gauge.count < members { gauge = try teams.gauge(members) }
      var sample = try sample(
        instance, kernel, iterations: iterations, warmUpCalls: warmUpCalls[instance])
      wait(pauses[instance])
      let next = try teams.gauge(members)
      sample.additionsPerCycle = zip(gauge, next).map {
        max($0.additionsPerCycle, $1.additionsPerCycle)
      }
      gauge = next
      samples.append(sample)
      steal.look(at: &samples, isLast: samples.count == order.count)
    }
    return samples
  }

  /// Without sleeping, so that the core stays as it is.
  private func wait(_ nanoseconds: UInt64) {
    guard nanoseconds > 0 else { return }
    let end = Clock.now() + nanoseconds
    while Clock.now() < end { perflab_spin_hint() }
  }

  /// Calls the first instance over and over for a while. A profile begins below this function.
  @inline(never)
  func repeatCalls(for nanoseconds: UInt64) -> (calls: Int, elapsed: UInt64) {
    guard let kernel = kernels.first ?? nil else { return (0, 0) }
    let start = Clock.now()
    var calls = 0
    var elapsed: UInt64 = 0
    repeat {
      _ = kernel.call()
      calls += 1
      elapsed = Clock.now() - start
    } while elapsed < nanoseconds
    return (calls, elapsed)
  }

  private func sample(
    _ instance: Int, _ kernel: PreparedKernel, iterations: Int, warmUpCalls: Int
  ) throws -> Sample {
    for _ in 0..<warmUpCalls { _ = kernel.call() }
    // What was observed while warming up is nobody's.
    _ = kernel.observe()
    let before = Reading(accountant, teams, counters)
    let cpuBefore = Affinity.currentCPU()
    let (elapsed, checksum) = Self.time(kernel.call, iterations: iterations)
    let cpuAfter = Affinity.currentCPU()
    let after = Reading(accountant, teams, counters)
    try expect(checksum, of: instance)
    var disturbances: [String] = []
    if cpuBefore != cpuAfter || cpuBefore != measuringCPU ?? cpuBefore {
      disturbances.append(Disturbance.migrated.rawValue)
    }
    var lost = 0.0
    if after.wasPreempted(since: before, during: elapsed) {
      disturbances.append(Disturbance.preempted.rawValue)
      lost = after.lost(since: before, during: elapsed)
    }
    return Sample(
      instance: instance, nanoseconds: Double(elapsed), disturbances: disturbances,
      lostNanoseconds: lost, additionsPerCycle: [], counters: after.counters(since: before),
      reports: kernel.report(),
      observations: kernel.observe())
  }

  @inline(never)
  private static func time(
    _ call: () -> Checksum, iterations: Int
  ) -> (elapsed: UInt64, checksum: Checksum) {
    let start = Clock.now()
    var checksum = call()
    for _ in 1..<max(1, iterations) { checksum = call() }
    return (Clock.now() - start, checksum)
  }

  /// A call longer than this is a sample by itself, of whichever variant it is.
  private static let longCall: UInt64 = 5_000_000

  /// How long a call of each kernel takes, of a variant's second instance as of its first. Where a
  /// variant has only long calls, the first ones say enough.
  private static func callTimes(
    _ kernels: [PreparedKernel?], of variants: [Int?], first: [UInt64?]
  ) -> [Double?] {
    let firstCalls = Dictionary(zip(variants, first), uniquingKeysWith: { min($0 ?? 0, $1 ?? 0) })
    if firstCalls.values.contains(where: { ($0 ?? 0) >= longCall }) {
      return first.map { $0.map { Double($0) } }
    }
    var known: [Int: Double] = [:]
    return zip(kernels, variants).map { kernel, variant in
      guard let kernel, let variant else { return nil }
      let time = known[variant] ?? shortestCall(kernel)
      known[variant] = time
      return time
    }
  }

  /// The shortest of up to 25 calls within 2 ms; of calls shorter than 1 ms, four at a time.
  private static func shortestCall(_ kernel: PreparedKernel) -> Double {
    let start = Clock.now()
    var shortest = Double(time(kernel.call, iterations: 1).elapsed)
    // A call shorter than a microsecond is below what one pair of clock readings resolves.
    let together = shortest < 1_000_000 ? 4 : 1
    for _ in 1...25 where Clock.now() - start < 2_000_000 {
      let elapsed = time(kernel.call, iterations: together).elapsed
      shortest = min(shortest, Double(elapsed) / Double(together))
    }
    return shortest
  }

  static func prove(_ preload: VariantEnvironment.Preload?) throws {
    guard let preload else { return }
    let found = SymbolOrigin.library(of: preload.provides) ?? "nothing"
    guard found.split(separator: "/").last.map(String.init)?.hasPrefix(preload.stem) == true else {
      throw Trouble.preloadNotInUse(
        library: preload.library, symbol: preload.provides, found: found)
    }
  }
}

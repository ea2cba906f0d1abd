import Platform
import Results
import Statistics

/// A worker's side of profiles: stacks with names, and the times of parts.
struct ProfileBench {
  private let assignment: Assignment
  private let catalog: [Experiment]
  private let teams: TeamSource

  init(_ assignment: Assignment, catalog: [Experiment]) {
    self.assignment = assignment
    self.catalog = catalog
    teams = TeamSource(cpus: assignment.cpus)
  }

  /// Prepares the first instance, calls it for a while and takes stacks.
  func profile(seconds: Double, period: UInt64) throws -> Profile {
    // Before the kernel's threads are started, so that they are sampled too.
    let sampler: StackSampler
    let each = seconds * 1e9 / Double(period)
    do {
      sampler = try StackSampler(
        period: period, capacity: Int(each * 1.5) * max(assignment.cpus.count, 1) + 1_000)
    } catch { throw Trouble.sampling("\(error)") }
    let kernels = try Sampler(assignment, catalog: catalog, isPinned: true)
    sampler.start()
    let (calls, elapsed) = kernels.repeatCalls(for: UInt64(seconds * 1e9))
    sampler.stop()
    let stacks = Self.named(sampler.stacks())
    guard !stacks.isEmpty else {
      throw Trouble.sampling(
        "no stack was sampled in \(calls) calls by \(sampler.clock.rawValue): "
          + "the kernel's threads used too little CPU time")
    }
    let variant = assignment.instances[0].flatMap { index in
      catalog.first { $0.id == assignment.experiment }?.variants[index].name
    }
    return Profile(
      variant: variant ?? "", parameter: assignment.parameter, clock: sampler.clock.rawValue,
      period: Double(period), lost: sampler.lost, calls: calls, seconds: Double(elapsed) / 1e9,
      stacks: stacks)
  }

  /// What single steps of the experiment take, in nanoseconds.
  func demands() throws -> [String: Double] {
    let (experiment, point) = try pinned()
    return try experiment.demands?.medians(at: point) ?? [:]
  }

  private func pinned() throws -> (Experiment, Point) {
    guard let experiment = catalog.first(where: { $0.id == assignment.experiment }) else {
      throw Trouble.unknownExperiment(assignment.experiment)
    }
    let cpu = assignment.cpus.first ?? 0
    do { try Affinity.pin(to: cpu) } catch { throw Trouble.pinning(cpu: cpu, errno: error.errno) }
    let point = Point(assignment.parameter, seed: assignment.seed, teams: teams)
    return (experiment, point)
  }

  /// Nanoseconds of each part's kernels, in turn, after their results have been compared.
  func partTimes() throws -> [PartTimes] {
    let (experiment, point) = try pinned()
    return try experiment.parts.map { part in
      let before = try part.before.prepare(point)
      let after = try part.after.prepare(point)
      let (expected, found) = (before.call(), after.call())
      guard expected.agrees(with: found, within: experiment.tolerance) else {
        throw Trouble.wrongResult(variant: part.after.name, expected: expected, found: found)
      }
      let sampler = ProbeSampler()
      var core = CoreShare()
      var times: [PartTimes] = []
      for _ in 0..<3 {
        times.append(
          PartTimes(
            before: try sampler.samples(of: before, teams: teams, core: &core).times.median(),
            after: try sampler.samples(of: after, teams: teams, core: &core).times.median()))
      }
      return PartTimes(
        before: times.map(\.before).median(), after: times.map(\.after).median())
    }
  }

  /// Stacks by name and from the outermost in, equal ones together.
  private static func named(_ stacks: [[UInt]]) -> [Profile.Stack] {
    let symboliser = Symboliser()
    var counts: [[String]: Int] = [:]
    for stack in stacks {
      let names = stack.reversed().map { symboliser.name(of: $0) }
      counts[below("Sampler.repeatCalls", in: names), default: 0] += 1
    }
    return counts.map { Profile.Stack(frames: $0.key, count: $0.value) }
  }

  /// What lies below the call that all stacks share, with each run of one name as one frame.
  static func below(_ mark: String, in names: [String]) -> [String] {
    let start = names.lastIndex { $0.hasSuffix(mark) }.map { $0 + 1 } ?? 0
    var frames: [String] = []
    for name in names[start...] where name != frames.last { frames.append(name) }
    return frames.isEmpty ? ["[the loop around the calls]"] : frames
  }
}

import Platform
import Results

/// Takes profiles of an experiment's variants, each in a fresh worker process.
public struct ProfileSession {
  /// Some thousand stacks in a second: a share of 5% is then known to a twentieth of itself or so.
  public static let period: UInt64 = 200_000

  private let experiment: Experiment
  private let cpus: [Int]
  private let launch: WorkerLaunch
  private let seed: UInt64

  /// - Parameters:
  ///   - cpus: the measuring processor first, then a team's in order.
  ///   - launch: how a worker is started; its executable knows the experiment.
  public init(_ experiment: Experiment, cpus: [Int], launch: WorkerLaunch, seed: UInt64) {
    self.experiment = experiment
    self.cpus = cpus
    self.launch = launch
    self.seed = seed
  }

  /// Calls a variant's kernel for a while and takes stacks.
  /// - Parameter variant: its index.
  public func profile(
    variant: Int, at parameter: Parameter, seconds: Double
  ) throws(PointFailure) -> Profile {
    let crew = try Crew(
      experiment, Lineup(alone: [variant]), builds: [WorkerBuild(launch)], cpus: cpus)
    return try crew.profile(
      assignment(parameter, instances: [variant]), seconds: seconds, period: Self.period)
  }

  /// The parts' shares of the baseline by this profile, and their gains, measured now.
  public func shares(from profile: Profile) throws(PointFailure) -> PartShares {
    let crew = try Crew(
      experiment, Lineup(alone: [0]), builds: [WorkerBuild(launch)], cpus: cpus)
    let times = try crew.partTimes(assignment(profile.parameter, instances: [0]))
    return PartShares(
      samples: profile.samples,
      parts: zip(experiment.parts, times).map { part, times in
        PartShares.Share(
          name: part.name, share: profile.share(of: part.function).total,
          gain: times.before / times.after)
      })
  }

  /// What single steps take, measured now.
  public func demands(at parameter: Parameter) throws(PointFailure) -> PartShares {
    let crew = try Crew(
      experiment, Lineup(alone: [0]), builds: [WorkerBuild(launch)], cpus: cpus)
    let demands = try crew.demands(assignment(parameter, instances: [0]))
    return PartShares(samples: 0, parts: [], demands: demands)
  }

  private func assignment(_ parameter: Parameter, instances: [Int?]) -> Assignment {
    Assignment(
      experiment: experiment.id, parameter: parameter, seed: seed, cpus: cpus,
      instances: instances, firstCall: .compared)
  }
}

extension Orchestrator {
  /// What profiles say before the measurement, or why they say nothing.
  struct Foreknowledge {
    var shares: PartShares?
    var profiles: [Profile] = []
    var failure: PointFailure?
  }

  /// Profiles all variants of an experiment that is predicted from its parts, or measures the steps
  /// of one that is predicted from those; nil for others.
  func partShares(_ experiment: Experiment, at parameter: Parameter) -> Foreknowledge? {
    guard !experiment.parts.isEmpty || experiment.demands != nil else { return nil }
    let session = ProfileSession(experiment, cpus: cpus, launch: launch, seed: seed)
    var known = Foreknowledge()
    do {
      guard experiment.demands == nil else {
        known.shares = try session.demands(at: parameter)
        return known
      }
      let baseline = try session.profile(
        variant: 0, at: parameter, seconds: preset.profileSeconds)
      known.profiles.append(baseline)
      known.shares = try session.shares(from: baseline)
      guard parameter == experiment.sweep.values.last else { return known }
      for variant in experiment.variants.indices.dropFirst() {
        known.profiles.append(
          try session.profile(
            variant: variant, at: parameter, seconds: preset.profileSeconds))
      }
    } catch { known.failure = error }
    return known
  }
}

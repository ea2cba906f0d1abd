/// The instances of a point: which variant is behind each, in which process it lives, and which are
/// compared.
struct Lineup: Sendable {
  /// A prepared kernel.
  struct Member: Sendable {
    /// Index in the experiment.
    let variant: Int
    /// Index of the build whose worker holds it.
    let build: Int
    /// Index of the worker of a round.
    let process: Int
  }

  /// Instances that are compared.
  struct Pair: Sendable {
    /// What the candidate is compared with: A, or A and A′ where B has their kind of noise, as the
    /// same kernel of another build.
    let baselines: [Int]
    /// A and A′, for the null.
    let null: [Int]
    /// B.
    let candidate: Int
  }

  let members: [Member]
  let pairs: [Pair]
  /// Instances by the worker that holds them.
  let processes: [[Int]]

  private init(_ members: [Member], pairs: [Pair]) {
    self.members = members
    self.pairs = pairs
    let count = (members.map(\.process).max() ?? -1) + 1
    processes = (0..<count).map { process in
      members.indices.filter { members[$0].process == process }
    }
  }

  /// A and A′ of the first variant, then the others, in one process; or each in a process of its own
  /// where the variants differ in their environments: if some shared a process, theirs would find
  /// its caches and its heap as the other left them, and the rest would not.
  /// - Parameter variants: indices, the baseline first.
  init(_ variants: [Int], of experiment: Experiment) {
    let instances = [variants[0]] + variants
    let isShared = Self.haveOneEnvironment(variants, of: experiment)
    self.init(
      instances.enumerated().map { index, variant in
        Member(variant: variant, build: 0, process: isShared ? 0 : index)
      },
      pairs: variants.indices.dropFirst().map {
        Pair(baselines: [0], null: [0, 1], candidate: $0 + 1)
      })
  }

  /// Every variant of the first build as A and as A′ and of the second as B; A, A′ and B in a
  /// process each.
  /// - Parameter variants: indices in the experiment of the second build.
  init(builds variants: [Int], of experiment: Experiment) {
    let count = variants.count
    let isShared = Self.haveOneEnvironment(variants, of: experiment)
    self.init(
      (0..<3 * count).map { index in
        let copy = index / count
        return Member(
          variant: variants[index % count], build: copy == 2 ? 1 : 0,
          process: isShared ? copy : index)
      },
      pairs: (0..<count).map {
        Pair(
          baselines: [$0, count + $0], null: [$0, count + $0], candidate: 2 * count + $0)
      })
  }

  /// Some instances in one process, with nothing to compare.
  init(alone variants: [Int]) {
    self.init(variants.map { Member(variant: $0, build: 0, process: 0) }, pairs: [])
  }

  private static func haveOneEnvironment(_ variants: [Int], of experiment: Experiment) -> Bool {
    Set(variants.map { experiment.variants[$0].environment }).count <= 1
  }
}

/// An executable whose workers know an experiment.
public struct WorkerBuild: Sendable {
  /// How its workers are started.
  public var launch: WorkerLaunch
  /// Its own index of a variant, by the index in this process's experiment; nil where they are the
  /// same.
  public var variants: [Int: Int]?

  /// By default the variants have the same indices.
  public init(_ launch: WorkerLaunch, variants: [Int: Int]? = nil) {
    self.launch = launch
    self.variants = variants
  }
}

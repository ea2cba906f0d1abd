import Statistics

/// Two or more runs side by side; the others are compared with the first.
public struct Comparison: Equatable, Sendable {
  /// One of the runs.
  public struct Side: Equatable, Sendable {
    /// As people call it.
    public var name: String
    /// What was measured.
    public var results: Results

    /// Results with a name.
    public init(name: String, results: Results) {
      self.name = name
      self.results = results
    }
  }

  /// In the order given.
  public let sides: [Side]
  /// Every other side against the first.
  public let pairs: [ComparedPair]
  /// Ratios whose intervals hold the truth together.
  public let count: Int

  /// The coverage of all intervals together.
  public static let level = PairedComparison.level

  /// - Parameters:
  ///   - sides: at least two.
  ///   - numberProcesses: how many processes each of the machine's numbers was made from.
  public init(_ sides: [Side], numberProcesses: Int) {
    precondition(sides.count >= 2, "a comparison needs two sides")
    self.sides = sides
    var pairs = sides.dropFirst().map { ComparedPair(sides[0], $0, processes: numberProcesses) }
    count = pairs.reduce(0) { $0 + $1.experiments.reduce(0) { $0 + $1.matches.count } }
    let level = simultaneousLevel(Self.level, comparisons: max(1, count))
    for index in pairs.indices { pairs[index].compare(level: level) }
    self.pairs = pairs
  }
}

/// One run compared with another.
public struct ComparedPair: Equatable, Sendable {
  /// The side that the other is compared with.
  public let left: Comparison.Side
  /// The other.
  public let right: Comparison.Side
  /// Whether both describe the same hardware. Two machines of one model can't be distinguished.
  public let isSameMachine: Bool
  /// Whether both were built by the same compiler with the same flags.
  public let isSameBuild: Bool
  /// Those that both have, in the order of the first.
  public private(set) var experiments: [ComparedExperiment]
  /// Ids of those that only the first has, and only the second.
  public let only: [[String]]
  /// Differences of machine, build and conditions.
  public let facts: [ComparedFact]
  /// The machine's numbers that differ.
  public let numbers: [ComparedNumber]
  /// How many of them both have.
  public let numbersCompared: Int

  init(_ left: Comparison.Side, _ right: Comparison.Side, processes: Int) {
    self.left = left
    self.right = right
    let (one, other) = (left.results, right.results)
    isSameMachine = one.machine.isLike(other.machine)
    isSameBuild =
      one.run.flags.identity == other.run.flags.identity && one.run.version == other.run.version
    let same = isSameMachine
    experiments = one.experiments.compactMap { experiment in
      other.experiments.first { $0.sweepsAlike(experiment) }
        .map { ComparedExperiment(experiment, $0, isSameMachine: same) }
    }
    let paired = Set(experiments.map(\.id))
    only = [one, other].map { $0.experiments.map(\.id).filter { !paired.contains($0) } }
    facts = Results.facts(one, other)
    (numbers, numbersCompared) = Results.numbers(one.machine, other.machine, processes: processes)
  }

  mutating func compare(level: Double) {
    for index in experiments.indices { experiments[index].compare(level: level) }
  }

  /// All candidates at all points that both have measured.
  public var candidates: [ComparedCandidate] { experiments.flatMap(\.candidates) }

  /// How many candidates changed in this way.
  public func count(_ change: ComparedCandidate.Change) -> Int {
    candidates.count { $0.change == change }
  }

  /// How many differences stand so to what was predicted.
  public func count(_ agreement: ComparedCandidate.Agreement) -> Int {
    candidates.count { $0.agreement == agreement }
  }

  /// Whether the times of an experiment's two runs may stand side by side as those of one machine
  /// and one toolchain.
  public func sharesTimes(_ experiment: ComparedExperiment) -> Bool {
    guard let one = experiment.left.run, let other = experiment.right.run else { return false }
    return isSameMachine && one.flags.identity == other.flags.identity
      && one.version == other.version
  }

  /// Candidates whose speedup fell by more than a share of itself, with their experiments.
  public func fallen(by share: Double) -> [(ComparedExperiment, ComparedCandidate)] {
    experiments.flatMap { experiment in
      experiment.candidates.filter { $0.hasFallen(by: share) }.map { (experiment, $0) }
    }
  }
}

/// The results of many machines side by side.
public struct Gallery: Equatable, Sendable {
  /// One machine's folder.
  public struct Member: Equatable, Sendable {
    /// As people call it; of two with one name the later has its folder behind it.
    public var name: String
    /// With its numbers.
    public var machine: Machine
    /// The latest.
    public var run: Run
    /// What made its measurements better or worse.
    public var conditions: [Condition]
    /// By id.
    public var outcomes: [String: Outcome]
    /// Ids of results that were changed or removed after their run.
    public var altered: [String]
    /// Results of which the folder does not say what a run wrote.
    public var withoutDigest: Int
    /// Files that could not be read.
    public var unreadable: Int

    /// A machine as it was found.
    public init(
      name: String, machine: Machine, run: Run, conditions: [Condition],
      outcomes: [String: Outcome], altered: [String], withoutDigest: Int,
      unreadable: Int
    ) {
      self.name = name
      self.machine = machine
      self.run = run
      self.conditions = conditions
      self.outcomes = outcomes
      self.altered = altered
      self.withoutDigest = withoutDigest
      self.unreadable = unreadable
    }

    /// Names of what was poor while it measured.
    public var poor: [String] { conditions.filter { $0.grade == .poor }.map(\.name) }

    /// Whether both hold the same measurements: a copy is no second machine.
    public func isCopy(of other: Member) -> Bool { run == other.run && outcomes == other.outcomes }
  }

  /// In the order in which they were named.
  public let members: [Member]
  /// Of all experiments that any of them has measured, in the order of the catalog.
  public let ids: [String]
  /// Experiments whose headline is faster on one machine and slower on another; a verdict each, so
  /// that noise turns nothing.
  public let turns: [Turn]
  /// Models that any machine refuted, those refuted most often first.
  public let modelFailures: [ModelFailure]
  /// Experiments whose headline is not the same on all machines, since their perflab had declared
  /// another one.
  public let divided: [Divided]

  /// - Parameters:
  ///   - order: ids of the catalog; what it does not know comes last, by name.
  ///   - onThreads: ids of experiments whose headline is at as many threads as a machine has.
  public init(_ members: [Member], order: [String], onThreads: Set<String> = []) {
    self.members = members
    let found = Set(
      members.flatMap { $0.outcomes.values.filter { $0.speedup != nil }.map(\.id) })
    let known = order.filter(found.contains)
    let ids = known + found.subtracting(known).sorted()
    self.ids = ids
    let divided = ids.compactMap { Divided($0, members, anyPoint: onThreads.contains($0)) }
    self.divided = divided
    turns = ids.compactMap { id in
      Turn(id, members, but: divided.first { $0.id == id }?.others ?? [])
    }
    let failed = ids.map { ModelFailure($0, members) }.filter { !$0.refuted.isEmpty }
    modelFailures = failed.enumerated().sorted {
      (-$0.element.refuted.count, $0.offset) < (-$1.element.refuted.count, $1.offset)
    }.map(\.element)
  }

  /// An optimisation that is faster on some machines and slower on others.
  public struct Turn: Equatable, Sendable {
    /// `area/name`.
    public let id: String
    /// Indices of machines where it is faster, the largest speedup first.
    public let faster: [Int]
    /// Where it is slower, the smallest speedup first.
    public let slower: [Int]

    /// Nil where all machines agree.
    /// - Parameter others: indices of machines that have another headline.
    fileprivate init?(_ id: String, _ members: [Member], but others: [Int]) {
      let outcomes = members.indices.map { others.contains($0) ? nil : members[$0].outcomes[id] }
      func having(_ verdict: Verdict, _ sign: Double) -> [Int] {
        let found = outcomes.indices.filter { outcomes[$0]?.verdict == verdict }
        return found.map { ($0, sign * (outcomes[$0]?.speedup?.estimate ?? 1)) }
          .sorted { $0.1 < $1.1 }.map(\.0)
      }
      (faster, slower) = (having(.faster, -1), having(.slower, 1))
      guard !faster.isEmpty, !slower.isEmpty else { return nil }
      self.id = id
    }
  }

  /// An experiment with two headlines or more: speedups of different candidates or points, which
  /// say nothing of the machines.
  public struct Divided: Equatable, Sendable {
    /// `area/name`.
    public let id: String
    /// Index of a machine with the headline that most have.
    public let most: Int
    /// Indices of machines with another one.
    public let others: [Int]

    /// Nil where all headlines are the same.
    /// - Parameter anyPoint: whether headlines at different points are the same.
    fileprivate init?(_ id: String, _ members: [Member], anyPoint: Bool) {
      let headlines = members.map { member -> [String?]? in
        guard let outcome = member.outcomes[id], outcome.speedup != nil else { return nil }
        return [outcome.candidate, outcome.axis, anyPoint ? nil : outcome.point]
      }
      let having = headlines.indices.filter { headlines[$0] != nil }
      func count(_ index: Int) -> Int { having.count { headlines[$0] == headlines[index] } }
      // Of two that are as frequent, the earlier one.
      guard let most = having.max(by: { (count($0), -$0) < (count($1), -$1) }) else { return nil }
      others = having.filter { headlines[$0] != headlines[most] }
      guard !others.isEmpty else { return nil }
      self.id = id
      self.most = most
    }
  }

  /// Whether a machine's headline is another one than most machines have.
  public func isDivided(_ id: String, on member: Int) -> Bool {
    divided.contains { $0.id == id && $0.others.contains(member) }
  }

  /// A model and where it failed.
  public struct ModelFailure: Equatable, Sendable {
    /// `area/name`.
    public let id: String
    /// Machines with a prediction.
    public let predicted: Int
    /// Indices of machines where the measurement refuted it.
    public let refuted: [Int]

    fileprivate init(_ id: String, _ members: [Member]) {
      let outcomes = members.map { $0.outcomes[id] }
      self.id = id
      predicted = outcomes.count { $0?.predicted != nil }
      refuted = outcomes.indices.filter { outcomes[$0]?.isRefuted == true }
    }
  }

  /// Names of numbers that every machine has, in the order given.
  public func commonNumbers(of names: [String]) -> [String] {
    names.filter { name in members.allSatisfy { $0.machine.numbers[name] != nil } }
  }
}

/// The results of many machines side by side.
public struct Gallery: Equatable, Sendable {
  /// One machine's folder.
  public struct Member: Equatable, Sendable {
    /// As people call it; of two with one name the later has a number behind it.
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
  }

  /// In the order in which they were named.
  public let members: [Member]
  /// Of all experiments that any of them has measured, in the order of the catalog.
  public let ids: [String]

  /// - Parameter order: ids of the catalog; what it does not know comes last, by name.
  public init(_ members: [Member], order: [String]) {
    self.members = members
    let found = Set(
      members.flatMap { $0.outcomes.values.filter { $0.speedup != nil }.map(\.id) })
    let known = order.filter(found.contains)
    ids = known + found.subtracting(known).sorted()
  }

  /// An optimisation that is faster on some machines and slower on others.
  public struct Turn: Equatable, Sendable {
    /// `area/name`.
    public let id: String
    /// Indices of machines where it is faster, the largest speedup first.
    public let faster: [Int]
    /// Where it is slower, the smallest speedup first.
    public let slower: [Int]
  }

  /// Experiments whose headline is faster on one machine and slower on another; a verdict each, so
  /// that noise turns nothing.
  public var turns: [Turn] {
    ids.compactMap { id in
      let faster = having(.faster, id).sorted { speedup($0, id) > speedup($1, id) }
      let slower = having(.slower, id).sorted { speedup($0, id) < speedup($1, id) }
      return faster.isEmpty || slower.isEmpty ? nil : Turn(id: id, faster: faster, slower: slower)
    }
  }

  private func having(_ verdict: Verdict, _ id: String) -> [Int] {
    members.indices.filter { members[$0].outcomes[id]?.verdict == verdict }
  }

  private func speedup(_ member: Int, _ id: String) -> Double {
    members[member].outcomes[id]?.speedup?.estimate ?? 1
  }

  /// A model and where it failed.
  public struct ModelFailure: Equatable, Sendable {
    /// `area/name`.
    public let id: String
    /// Machines with a prediction.
    public let predicted: Int
    /// Indices of machines where the measurement refuted it.
    public let refuted: [Int]
  }

  /// Models that any machine refuted, those refuted most often first.
  public var modelFailures: [ModelFailure] {
    let all = ids.map { id in
      ModelFailure(
        id: id, predicted: members.count { $0.outcomes[id]?.predicted != nil },
        refuted: members.indices.filter { members[$0].outcomes[id]?.isRefuted == true })
    }
    let failed = all.filter { !$0.refuted.isEmpty }
    return failed.enumerated().sorted {
      (-$0.element.refuted.count, $0.offset) < (-$1.element.refuted.count, $1.offset)
    }.map(\.element)
  }

  /// Names of numbers that every machine has, in the order given.
  public func commonNumbers(of names: [String]) -> [String] {
    names.filter { name in members.allSatisfy { $0.machine.numbers[name] != nil } }
  }
}

import Results

/// The curriculum with what the catalog has for it and what came of that on a machine.
public struct Atlas: Equatable, Sendable, Codable {
  /// An experiment in its place.
  public struct Entry: Equatable, Sendable, Codable {
    /// `memory/false-sharing`
    public var id: String
    /// What it is called.
    public var title: String
    /// The last verdict and figure, or why there is none.
    public var outcome: String
    /// How its results are known, or will be.
    public var evidence: Evidence
    /// The headline's speedup; nil where there is none.
    public var speedup: Interval?
    /// The least and the largest speedup of the headline's candidate over the sweep; empty where
    /// there is none or a single point.
    public var overSweep: [Double]
    /// The last verdict alone; nil where there is none.
    public var verdict: Verdict?
    /// Its page in the machine's folder; nil where it was not run.
    public var page: String?
  }

  /// A group of the curriculum.
  public struct Group: Equatable, Sendable, Codable {
    /// `performance/memory/detection`
    public var id: String
    /// `performance/memory`
    public var category: String
    /// How many experiments it should have; zero where it is not the curriculum's.
    public var slots: Int
    /// Slots without an experiment.
    public var open: Int
    /// In the order of the catalog.
    public var entries: [Entry]

    /// Slots with an experiment. A group may have more experiments than slots.
    public var filled: Int { slots - open }

    /// Of the filled slots.
    var evidence: [Evidence] { entries.prefix(slots).map(\.evidence) }

    /// Within its category: `detection`.
    var name: String {
      let rest = id.dropFirst(category.count).drop { $0 == "/" }
      return rest.isEmpty ? id : String(rest)
    }
  }

  /// The machine's name; nil without results.
  public var machine: String?
  /// In the order of the curriculum, then those that it does not know.
  public var groups: [Group]

  /// - Parameters:
  ///   - catalog: id, title, slot and evidence of every experiment there is.
  ///   - results: of the machine; nil where there are none.
  public init(
    catalog: [(id: String, title: String, slot: String, evidence: Evidence)], results: Results?
  ) {
    let known = Curriculum.groups
    var foreign: [Curriculum.Group] = []
    for slot in catalog.map(\.slot)
    where !known.contains(where: { $0.id == slot })
      && !foreign.contains(where: { $0.id == slot })
    {
      foreign.append(Curriculum.Group(id: slot, slots: 0))
    }
    machine = results?.machine.name
    groups = (known + foreign).map { group in
      let entries = catalog.filter { $0.slot == group.id }.map { experiment in
        let result = results?.experiments.first { $0.id == experiment.id }
        return Entry(
          id: experiment.id, title: experiment.title,
          outcome: result.map(Self.outcome) ?? "not run yet", evidence: experiment.evidence,
          speedup: result?.headline?.candidate.speedup,
          overSweep: result?.headlineRange.map { [$0.least, $0.most] } ?? [],
          verdict: result?.headline?.candidate.verdict,
          page: result.map { PagePath($0).page })
      }
      return Group(
        id: group.id, category: group.category, slots: group.slots,
        open: max(0, group.slots - entries.count), entries: entries)
    }
  }

  /// Over some groups, or all: slots with an experiment, of how many.
  func coverage(_ isIn: (Group) -> Bool = { _ in true }) -> String {
    let chosen = groups.filter(isIn)
    let filled = chosen.reduce(0) { $0 + $1.filled }
    return "\(filled) of \(chosen.reduce(0) { $0 + $1.slots })"
  }

  /// `38 measured, 1 simulated, 1 computed`, of all filled slots; empty where none is.
  var evidence: String { EvidenceText.counts(groups.flatMap(\.evidence)) }

  /// In their order, each once.
  var categories: [String] {
    var categories: [String] = []
    for group in groups where !categories.contains(group.category) {
      categories.append(group.category)
    }
    return categories
  }

  private static func outcome(_ result: ExperimentResult) -> String {
    HeadlineText.line(Outcome(result))
      ?? (result.status == .measured ? "no value" : result.status.rawValue)
  }
}

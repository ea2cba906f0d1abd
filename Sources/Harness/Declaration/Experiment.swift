import Results

/// A claim about performance that can be run: a baseline, its candidates, and what is expected.
///
/// One file under `Benchmarks/` declares one experiment; CONTRIBUTING.md shows one step by step.
public struct Experiment: Sendable {
  /// `area/name`: `memory/false-sharing`.
  public let id: String
  /// The page's heading.
  public let title: String
  /// The group of the curriculum: `performance/memory/detection`.
  public let slot: String
  /// One sentence, with the condition under which it holds and where it stops holding.
  public let claim: String
  /// Why it works, down to the machine code. What differs between builds is worded so that it holds
  /// for all of them, or has a place, here or in the other texts: `{register bits}` and `{registers}`
  /// stand for the size and the number of the build's vector registers. `{point}` is the value of the
  /// sweep that the figures beside it are of.
  public let mechanism: String
  /// When it does not help.
  public let limits: String
  /// Mermaid, with `{variant name}`, `{speedup}` and `{point}` where measured values go.
  public var diagram: String { drawn() }
  /// Only where a page is written: every worker declares the whole catalog, and a diagram may be drawn
  /// from a system whose parts take milliseconds to compute.
  private let drawn: @Sendable () -> String
  /// The axis, its values, and the smoke value.
  public internal(set) var sweep: Sweep
  /// What is compared.
  public let metric: Metric
  /// Names of counters or reports that show the problem, before and after.
  public let signals: [String]
  /// What it cannot do without.
  public let needs: [Requirement]
  /// Disturbances that belong to the subject and so do not drop a block.
  public let tolerates: Set<Disturbance>
  /// Whether a block takes each instance twice, in a random order and then in the mirrored one, so
  /// that a drift of the machine affects all alike. False where no drift changes what is compared: a
  /// share or a count, or the time of a load or a drill, which goes by a timer of the system.
  public let isMirrored: Bool
  /// Whether a process calls every kernel once before it samples any: this compares results, and
  /// warms up. False where each call starts all that it needs anew, or preparing has warmed it up:
  /// after a point's first process the first call is a sample then, if it takes more than 5 ms, and
  /// results are compared afterwards.
  public let isRehearsed: Bool
  /// How close the variants' results must be.
  public let tolerance: Tolerance
  /// What one kernel call does, at a value of the sweep.
  public let work: @Sendable (_ value: Int) -> Work
  /// The baseline first.
  public let variants: [Variant]
  /// Functions of the baseline that the only candidate replaces. Where there are any, the variants
  /// are profiled before they are measured, and `Question.parts` says what came out.
  public let parts: [Part]
  /// What single steps take, measured before it; `Question.demand` says what came out.
  public let demands: Demands?
  /// What is expected of a variant: a pure function of the machine's numbers, and of counts read
  /// off the code.
  public let model: (@Sendable (Question) throws(MissingNumber) -> Model?)?
  /// Why no variant is a yardstick, in a sentence; nil where one is, or where the subject is what
  /// something costs, so that there is nothing to be as fast as.
  public let noYardstick: String?
  /// What a simulation needs and nobody knows exactly; empty where all is known, and where the
  /// experiment is not simulated.
  public let uncertain: [UncertainInput]
  /// Why a simulation has no uncertain input, in a sentence; nil where it has some, and where the
  /// experiment is not simulated.
  public let noUncertainty: String?
  /// What the trade says in place of a computation; nil where it says nothing.
  public let rule: RuleOfThumb?
  /// What stands for it where there is room for one number; nil for the last candidate at the middle
  /// of the sweep.
  public let headline: DeclaredHeadline?
  /// The file that declares it, for the page's source.
  public let file: String

  /// An experiment; `file` fills itself in.
  public init(
    id: String, title: String, slot: String, claim: String, mechanism: String, limits: String,
    diagram: @autoclosure @escaping @Sendable () -> String, sweep: Sweep, metric: Metric = .time,
    signals: [String] = [],
    needs: [Requirement] = [], tolerates: Set<Disturbance> = [], isMirrored: Bool = true,
    isRehearsed: Bool = true, tolerance: Tolerance = .exact,
    work: @escaping @Sendable (_ value: Int) -> Work, variants: [Variant], parts: [Part] = [],
    demands: Demands? = nil, noYardstick: String? = nil, uncertain: [UncertainInput] = [],
    noUncertainty: String? = nil, rule: RuleOfThumb? = nil, headline: DeclaredHeadline? = nil,
    model: (@Sendable (Question) throws(MissingNumber) -> Model?)? = nil,
    file: String = #filePath
  ) {
    precondition(variants.count >= 2, "\(id): an experiment compares at least two variants")
    precondition(
      variants.allSatisfy { $0.evidence == variants[0].evidence },
      "\(id): all variants are known in one way")
    precondition(
      noYardstick == nil || variants.allSatisfy { $0.yardstick == nil },
      "\(id): says that it has no yardstick, and has one")
    precondition(
      uncertain.isEmpty || variants[0].evidence == .simulated,
      "\(id): only simulations read uncertain inputs")
    precondition(
      noUncertainty == nil || uncertain.isEmpty && variants[0].evidence == .simulated,
      "\(id): says that no input is uncertain, and has one")
    precondition(
      metric.record.percentile.map { $0 > 0 && $0 < 100 } ?? true,
      "\(id): ten observations must lie beyond a percentile, so that it is below the 100th")
    self.id = id
    self.title = title
    self.slot = slot
    self.claim = claim
    self.mechanism = mechanism
    self.limits = limits
    drawn = diagram
    self.sweep = sweep
    self.metric = metric
    self.signals = signals
    self.needs = needs
    self.tolerates = tolerates
    self.isMirrored = isMirrored
    self.isRehearsed = isRehearsed
    self.tolerance = tolerance
    self.work = work
    self.variants = variants
    self.parts = parts
    self.demands = demands
    self.model = model
    self.noYardstick = noYardstick
    self.uncertain = uncertain
    self.noUncertainty = noUncertainty
    self.rule = rule
    self.headline = headline
    self.file = file
  }

  /// How its results are known.
  public var evidence: Evidence { variants[0].evidence }

  /// `memory` of `memory/false-sharing`.
  public var area: String { String(id.prefix { $0 != "/" }) }
}

/// What can spoil a block.
public enum Disturbance: String, Sendable, Hashable, CaseIterable {
  /// A thread ran on another processor than planned.
  case migrated
  /// Something else ran on the processor for a noticeable time.
  case preempted
  /// The hypervisor took the processor away.
  case stolen
  /// The core did much less in a cycle than it can: something else ran on its other thread.
  case shared
}

/// How close two checksums must be.
public enum Tolerance: Sendable, Equatable {
  case exact
  /// |a − b| ≤ tolerance · max(|a|, |b|).
  case relative(Double)
}

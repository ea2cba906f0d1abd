import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// A system that is replaced at once, or piece by piece.
  static let bigBang = Experiment(
    id: "migration/big-bang",
    title: "Replacing a system: in one piece → in twelve pieces, each taken into use",
    slot: "migration/services/impact",
    claim: """
      Twelve pieces make a project's bad case a third cheaper only if their overruns are \
      independent; with a third of the variance in common hardly anything of that is left, and \
      from two thirds on the second system that runs meanwhile makes them the more expensive way. \
      What pieces do give is the choice to stop after the third, which caps the bad case at about \
      twice the budget.
      """,
    mechanism: """
      Of 1,471 projects the mean cost 27% more than planned, and the worst sixth three times the \
      plan (Flyvbjerg and Budzier, Harvard Business Review 9/2011): a log-normal overrun with a \
      median of 1 and σ = 0.7 has both. The one piece has that overrun. Each of the twelve has \
      one of the same spread; {point}: that share of its logarithm's variance is common to all of \
      them (the team, the vendor, a domain that nobody understands), so that these do not average \
      out. A fifth is added for the façade, data kept in step and two systems in operation. \
      Stopping: after three pieces the project is ended if they have cost more than twice their \
      budget, and the nine others stay with the old system.
      """,
    limits: """
      The correlation is nobody's published figure: it is what the sweep is for. The rule that \
      stops also ends projects that would have come in cheaper, a fifth of them where nothing is \
      in common. Cost alone is counted: pieces in use also earn, and their users find mistakes \
      while these are small. A system that can't be cut (one batch at night, one data model) has \
      no twelve pieces. Who stops keeps two systems, and pays for both from then on.
      """,
    diagram: """
      flowchart LR
        subgraph before["one piece: {one piece}"]
          direction LR
          a0["all of it"] -- "one overrun" --> b0["cut-over"]
        end
        all["twelve pieces to the end: {twelve pieces}"]
        subgraph after["stopped in time: {stopped in time}"]
          direction LR
          a1["piece"] -- "own overrun, {point}" --> b1["in use"] --> c1["next piece, or the end"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("common", [0, 30, 60, 90], smoke: 30, label: { "\($0) % in common" }),
    metric: .reported("cost of the worst of 20 projects", unit: .count, lowerIsBetter: true),
    signals: ["mean cost", "cost three times the budget", "ended early"],
    work: { _ in Work(elements: 1, each: "project") },
    variants: [
      variant("one piece", shows: "onePiece", onePiece),
      variant("twelve pieces", shows: "twelvePieces", twelvePieces),
      variant("stopped in time", shows: "stoppedInTime", stoppedInTime),
    ],
    uncertain: [overhead],
    headline: DeclaredHeadline(value: 60, variant: "stopped in time"),
    model: { question in
      let z = StandardNormal.quantile(0.95)
      let mean = exp(Overruns.center + Overruns.sigma * Overruns.sigma / 2)
      guard !question.isBaseline else {
        return Model(
          Ratio.exactly(exp(Overruns.center + z * Overruns.sigma)).named("95% of an overrun"),
          per: .metric)
      }
      // A sum of log-normals as one with the same mean and variance (Fenton, 1960).
      let common = Double(question.value) / 100
      let all = exp(Overruns.sigma * Overruns.sigma) - 1
      let shared = exp(common * Overruns.sigma * Overruns.sigma) - 1
      let pieces = Double(Overruns.pieces)
      let variation = (all + (pieces - 1) * shared) / pieces
      let sigma = log(1 + variation).squareRoot()
      let sum = (1 + overhead.estimate) * mean * exp(z * sigma - sigma * sigma / 2)
      guard question.variant == "stopped in time" else {
        return Model(Ratio.exactly(sum).named("95% of the sum, with two systems"), per: .metric)
      }
      return Model(
        Ratio.exactly(min(sum, 2)).named(
          "twice the budget", because: "Projects that cost more are ended."), per: .metric)
    })
}

/// Of the façade, data kept in step and two systems in operation, over the whole.
private let overhead = UncertainInput("added for pieces", 0.2, in: 0.05...0.6)

/// Costs over budgets.
private struct Overruns {
  static let (center, sigma) = (0.0, 0.7)
  static let pieces = 12

  /// Of each piece, as shares of the whole budget.
  let parts: [Double]
  /// If it were one.
  let whole: Double

  init(_ random: inout SeededGenerator, common: Double) {
    let cause = random.normal()
    parts = (0..<Self.pieces).map { _ in
      let own = common.squareRoot() * cause + (1 - common).squareRoot() * random.normal()
      return exp(Self.center + Self.sigma * own) / Double(Self.pieces)
    }
    whole = exp(Self.center + Self.sigma * cause)
  }
}

/// - Returns: cost over budget, and whether it was ended early.
private typealias Project =
  @Sendable (_ overruns: Overruns, _ overhead: Double) -> (cost: Double, isEnded: Bool)

private func onePiece(_ overruns: Overruns, _ overhead: Double) -> (cost: Double, isEnded: Bool) {
  (overruns.whole, false)
}

private func twelvePieces(
  _ overruns: Overruns, _ overhead: Double
) -> (cost: Double, isEnded: Bool) {
  ((1 + overhead) * overruns.parts.reduce(0, +), false)
}

private func stoppedInTime(
  _ overruns: Overruns, _ overhead: Double
) -> (cost: Double, isEnded: Bool) {
  let tried = (1 + overhead) * overruns.parts.prefix(3).reduce(0, +)
  let isEnded = tried > 2 * 3 / Double(Overruns.pieces)
  return isEnded ? (tried, true) : twelvePieces(overruns, overhead)
}

private func variant(_ name: String, shows: String, _ project: @escaping Project) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var random = SeededGenerator(seed: point.seed)
    let count = Releases.areFew ? 400 : 20_000
    let ends = (0..<count).map { _ in
      project(Overruns(&random, common: Double(point.value) / 100), point[overhead])
    }
    let costs = ends.map(\.cost)
    return Replication(
      offered: random.next(),
      figures: [
        "cost of the worst of 20 projects": .count(costs.quantile(0.95)),
        "mean cost": .count(costs.reduce(0, +) / Double(count)),
        "cost three times the budget": .share(
          Double(costs.count { $0 >= 3 }) / Double(count)),
        "ended early": .share(Double(ends.count { $0.isEnded }) / Double(count)),
      ])
  }
}

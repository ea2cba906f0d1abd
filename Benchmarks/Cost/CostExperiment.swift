import Harness
import Prices
import Results

/// Prices of the lists, for the files of this folder.
typealias Provider = Prices.Provider

extension Experiment {
  /// A decision between options that differ in what they cost a month.
  /// - Parameters:
  ///   - group: of the curriculum, below `cost/`: `storage/tiers`.
  ///   - options: what teams do first, then the alternatives; the last one is the one in question.
  init(
    cost name: String, _ group: String, title: String, claim: String, mechanism: String,
    limits: String, diagram: String, sweep: Sweep, rule: RuleOfThumb? = nil,
    headline: DeclaredHeadline? = nil, shows: [String] = [], options: [Variant],
    model: (@Sendable (Question) throws(MissingNumber) -> Model?)? = nil, file: String = #filePath
  ) {
    self.init(
      id: "cost/\(name)", title: title, slot: "cost/\(group)", claim: claim, mechanism: mechanism,
      limits: limits, diagram: diagram, sweep: sweep, metric: .dollars("cost"), signals: shows,
      work: { _ in Work(elements: 1, each: "month") }, variants: options, rule: rule,
      headline: headline, model: model, file: file)
  }
}

extension Experiment {
  /// A fleet whose bill depends on what happens in time, and is simulated.
  /// - Parameters:
  ///   - group: of the curriculum, below `cost/`.
  ///   - variants: what teams do first, then the alternatives.
  init(
    simulatedCost name: String, _ group: String, title: String, claim: String, mechanism: String,
    limits: String, diagram: String, sweep: Sweep, headline: DeclaredHeadline,
    variants: [Variant],
    model: @escaping @Sendable (Question) throws(MissingNumber) -> Model?, file: String = #filePath
  ) {
    self.init(
      id: "cost/\(name)", title: title, slot: "cost/\(group)", claim: claim,
      mechanism: mechanism
        + " A minute of slow responses counts as a dollar: an assumption, without which the fewest "
        + "machines would always win. The table has the minutes and the machine-hours.",
      limits: limits, diagram: diagram, sweep: sweep, metric: .dollars(ScaledFleet.metric),
      signals: ["minutes of slow responses", "machine-hours"],
      work: { _ in Work(elements: 1, each: "month") }, variants: variants,
      uncertain: [ScaledFleet.Outcome.slowMinute], headline: headline, model: model, file: file)
  }
}

/// An option with its bill.
/// - Parameters:
///   - code: the functions of the file that its page shows.
///   - bill: of a month, at a value of the axis.
package func option(
  _ name: String, code: String..., isReference: Bool = false,
  bill: @escaping @Sendable (_ value: Double, Question) throws(MissingNumber) -> Bill
) -> Variant {
  Variant(computed: name, isReference: isReference, shows: code) {
    question throws(MissingNumber) in
    Computation(try bill(Double(question.value), question))
  }
}

/// An hour of a software developer with everything that an employer pays for it.
package func developerHour() -> Term<DollarsPerHour> {
  .assumed("an hour of a developer", 90, in: 50...150)
}

/// Hours of developers in a month.
package func developers(_ hours: Ratio) -> Bill { developerHour() * Term<Hours>(hours) }

/// CPU time of a month at the price of a core, of which a share is idle.
package func cores(_ time: Time) throws(MissingNumber) -> Bill {
  let busy = Ratio.assumed("share of a core's time that is used", 0.5, in: 0.3...0.7)
  return try Provider.machine().core * (time / busy).hours
}

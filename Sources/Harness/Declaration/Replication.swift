import Results

/// What one run of a simulated system gave.
public struct Replication: Sendable {
  /// A digest of the work that came in: the same in every variant of a replication, since all of
  /// them are given the same arrivals.
  public let offered: Checksum
  /// Quantities by name, the metric among them unless it is a percentile.
  public let figures: [String: Counter]
  /// What a percentile is taken of.
  public let observations: Distribution?

  /// What came in and what came of it.
  public init(
    offered: some ChecksumConvertible, figures: [String: Counter],
    observations: Distribution? = nil
  ) {
    self.offered = offered.checksum
    self.figures = figures
    self.observations = observations
  }
}

extension Variant {
  /// A variant that is simulated: the point's seed gives the random numbers of one replication.
  ///
  /// A replication takes the place of a process. In each the baseline and the candidates get one
  /// seed (common random numbers: let each use of randomness have a stream of its own, so that the
  /// same customer has the same demand in all of them), and the baseline's second instance another.
  public init(
    simulated name: String, isReference: Bool = false, shows: [String],
    replicate: @escaping @Sendable (Point) throws -> Replication
  ) {
    self.init(name, isReference: isReference, shows: shows, body: .replication(replicate))
  }

  /// A variant that is computed from uncertain inputs.
  /// - Parameter outcome: an expression; its inputs are drawn from their intervals, thousands of
  ///   times, one draw for all variants.
  public init(
    computed name: String, isReference: Bool = false, shows: [String],
    outcome: @escaping @Sendable (Question) throws(MissingNumber) -> Computation
  ) {
    self.init(name, isReference: isReference, shows: shows, body: .outcome(outcome))
  }

  private init(_ name: String, isReference: Bool, shows: [String], body: Body) {
    self.name = name
    self.isReference = isReference
    yardstick = nil
    self.shows = shows
    self.body = body
    environment = VariantEnvironment()
    needs = []
  }
}

/// What a computed variant comes to.
public struct Computation: Sendable {
  let metric: TermNode
  let unit: Unit
  let figures: [(name: String, node: TermNode, unit: Unit)]

  /// - Parameter metric: what is compared, in its unit.
  public init<U>(_ metric: Term<U>) {
    self.init(metric: metric.node, unit: U.unit, figures: [])
  }

  private init(
    metric: TermNode, unit: Unit, figures: [(name: String, node: TermNode, unit: Unit)]
  ) {
    self.metric = metric
    self.unit = unit
    self.figures = figures
  }

  /// The outcome with a further quantity that the page shows beside the metric.
  public func showing<U>(_ name: String, _ term: Term<U>) -> Computation {
    Computation(metric: metric, unit: unit, figures: figures + [(name, term.node, U.unit)])
  }
}

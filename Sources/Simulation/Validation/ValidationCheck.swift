import Statistics

/// A system whose outcome theory knows.
public struct ValidationCheck: Sendable {
  /// What is compared.
  public struct Quantity: Sendable {
    /// What it is, with its unit.
    public let name: String
    /// The value that theory gives, or that others have published.
    public let expected: Double
    /// How far that may be off itself: 0 where it is exact.
    public let tolerance: Double

    init(_ name: String, _ expected: Double, within tolerance: Double = 0) {
      self.name = name
      self.expected = expected
      self.tolerance = tolerance
    }
  }

  /// A short name, to choose it by.
  public let id: String
  /// The system.
  public let title: String
  /// What is known of it.
  public let quantities: [Quantity]
  /// Where it is known from.
  public let source: String
  /// Independent runs behind one interval.
  let replications: Int
  /// One run: the quantities in their order.
  /// - The length is 1, or less for a shorter run.
  let run: @Sendable (_ seed: UInt64, _ length: Double) -> [Double]

  init(
    _ id: String, _ title: String, _ quantities: [Quantity], source: String,
    replications: Int = 5, run: @escaping @Sendable (_ seed: UInt64, _ length: Double) -> [Double]
  ) {
    self.id = id
    self.title = title
    self.quantities = quantities
    self.source = source
    self.replications = replications
    self.run = run
  }

  /// The interval of each quantity by the replications of one seed (Student).
  /// - Parameters:
  ///   - seed: of all its replications.
  ///   - length: 1, or less for shorter runs.
  ///   - level: how often such intervals hold the truth.
  public func intervals(
    seed: UInt64, length: Double = 1, level: Double = 0.95
  ) -> [ConfidenceInterval] {
    let runs = (0..<replications).map { replication in
      var seeds = SeededGenerator(seed: seed, stream: UInt64(replication))
      return run(seeds.next(), length)
    }
    return quantities.indices.map { index in
      StudentInterval().interval(runs.map { [$0[index]] }, level: level)
    }
  }

  /// Whether an interval agrees with theory, given how far theory itself may be off.
  public static func agrees(_ interval: ConfidenceInterval, with quantity: Quantity) -> Bool {
    interval.low - quantity.tolerance <= quantity.expected
      && quantity.expected <= interval.high + quantity.tolerance
  }
}

/// How often the intervals of a check held what theory says.
public struct ValidationResult: Sendable {
  /// What was checked.
  public let check: ValidationCheck
  /// Seeds whose interval held the expected value, for each quantity.
  public let held: [Int]
  /// The mean of all estimates, for each quantity.
  public let means: [Double]
  /// Seeds in all.
  public let seeds: Int

  /// - Parameter intervals: by seed, then by quantity.
  public init(_ check: ValidationCheck, intervals: [[ConfidenceInterval]]) {
    self.check = check
    seeds = intervals.count
    held = check.quantities.indices.map { index in
      intervals.count { ValidationCheck.agrees($0[index], with: check.quantities[index]) }
    }
    means = check.quantities.indices.map { index in
      intervals.map { $0[index].estimate }.mean()
    }
  }

  /// Whether as many intervals held it as 95% of so many seeds can be.
  public func passes(_ quantity: Int) -> Bool {
    held[quantity] >= Self.fewest(of: seeds)
  }

  /// Whether all quantities pass.
  public var passes: Bool { held.indices.allSatisfy { passes($0) } }

  /// The least number of intervals that pass: with true intervals of 95%, fewer are rarer than one
  /// in a thousand.
  public static func fewest(of seeds: Int) -> Int {
    // The binomial distribution, from all of them downwards.
    var term = (0..<seeds).reduce(1.0) { product, _ in product * 0.95 }
    var cumulative: [Double] = [term]
    for missing in stride(from: 1, through: seeds, by: 1) {
      term *= Double(seeds - missing + 1) / Double(missing) * 0.05 / 0.95
      cumulative.append(cumulative[missing - 1] + term)
    }
    let most = cumulative.firstIndex { $0 >= 0.999 } ?? seeds
    return seeds - most
  }
}

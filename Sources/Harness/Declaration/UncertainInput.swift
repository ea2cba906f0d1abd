import Results

/// A number that a simulated experiment needs and that nobody knows exactly: an assumption or a cited
/// figure with its range.
///
/// An experiment lists them (`Experiment.uncertain`), and its replications read them from their point
/// (`point[input]`). The page then shows how far each of them alone moves the result, and at which of
/// its values the result turns.
public struct UncertainInput: Sendable {
  /// Unique in its experiment, as the page shows it.
  public let name: String
  /// What is used where nothing else is said.
  public let estimate: Double
  /// What it may be as well.
  public let range: ClosedRange<Double>
  /// Of all three.
  public let unit: Unit
  /// `assumption`, or a citation.
  public let source: String

  /// - Parameter range: contains the estimate.
  public init(
    _ name: String, _ estimate: Double, in range: ClosedRange<Double>, unit: Unit = .count,
    source: String = "assumption"
  ) {
    precondition(range.contains(estimate), "\(name): the estimate is not in its range")
    self.name = name
    self.estimate = estimate
    self.range = range
    self.unit = unit
    self.source = source
  }
}

extension Point {
  /// The value of an uncertain input in this replication.
  public subscript(input: UncertainInput) -> Double { moved[input.name] ?? input.estimate }
}

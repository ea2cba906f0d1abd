import Results

/// What single steps of an experiment take, measured by themselves before it: what a request demands
/// of a server that is mostly idle, for one. A model asks for them by name, so that it predicts how
/// the whole behaves from what its steps cost.
public struct Demands: Sendable {
  let measure: @Sendable (Point) throws -> [String: Double]

  /// - Parameter measure: nanoseconds of each step by its name; called some times in a worker
  ///   process, before the variants are prepared in processes of their own.
  public init(_ measure: @escaping @Sendable (Point) throws -> [String: Double]) {
    self.measure = measure
  }

  /// Times that it is measured; the median counts.
  static let rounds = 3

  /// The median of each step.
  func medians(at point: Point) throws -> [String: Double] {
    var values: [String: [Double]] = [:]
    for _ in 0..<Self.rounds {
      for (name, value) in try measure(point) { values[name, default: []].append(value) }
    }
    return values.mapValues { $0.sorted()[$0.count / 2] }
  }
}

extension Question {
  /// What a step takes; nil where it was not measured: in tests, for one.
  public func demand(_ name: String) -> Time? {
    parts?.demands[name].map { .input(name, $0, source: "measured by itself") }
  }
}

import Results

/// What `predict` is asked: a candidate, at a value of the sweep, on a machine.
public struct Question: Sendable {
  /// The variant's name.
  public let candidate: String
  /// In the axis's own unit.
  public let value: Int
  /// With its numbers.
  public let machine: Machine
  /// What a profile says of the experiment's parts at this value; nil where it has none.
  public let parts: PartShares?

  /// A question as the orchestrator asks it.
  public init(candidate: String, value: Int, machine: Machine, parts: PartShares? = nil) {
    self.candidate = candidate
    self.value = value
    self.machine = machine
    self.parts = parts
  }

  /// One of the machine's numbers, in its own unit (times in nanoseconds).
  public func number(_ name: String) throws(MissingNumber) -> Double {
    guard let number = machine.numbers[name] else { throw MissingNumber(name: name) }
    return number.quantity.estimate
  }
}

/// A number that the model needs and the machine's results don't have.
public struct MissingNumber: Error, Hashable, Sendable {
  /// As `perflab numbers` lists it.
  public let name: String
}

/// The expected speedup, with the model in words and numbers.
public struct Prediction: Sendable, Hashable {
  /// Above 1 is better.
  public let speedup: Double
  /// One or two sentences.
  public let because: String

  /// A speedup with its reasoning.
  public init(speedup: Double, because: String) {
    self.speedup = speedup
    self.because = because
  }
}

import Results

/// What a model is asked: a variant, at a value of the sweep, on a machine.
public struct Question: Sendable {
  /// The variant's name; the baseline's too.
  public let variant: String
  /// Whether the variant is the baseline.
  public let isBaseline: Bool
  /// In the axis's own unit.
  public let value: Int
  /// With its numbers.
  public let machine: Machine
  /// Of the build that is measured.
  public let registers: VectorRegisters
  /// What a profile says of the experiment's parts at this value; nil where it has none.
  public let parts: PartShares?

  /// A question as the orchestrator asks it.
  public init(
    variant: String, isBaseline: Bool = false, value: Int, machine: Machine,
    registers: VectorRegisters = .built, parts: PartShares? = nil
  ) {
    self.variant = variant
    self.isBaseline = isBaseline
    self.value = value
    self.machine = machine
    self.registers = registers
    self.parts = parts
  }

  /// One of the machine's numbers that is a time.
  public func time(_ name: String) throws(MissingNumber) -> Time { try number(name) }

  /// One of the machine's numbers that is a bandwidth.
  public func bandwidth(_ name: String) throws(MissingNumber) -> Bandwidth {
    try number(name, scale: 1e-9)
  }

  /// One of the machine's numbers that is a size.
  public func size(_ name: String) throws(MissingNumber) -> Size { try number(name) }

  /// One of the machine's numbers that is a pure number.
  public func ratio(_ name: String) throws(MissingNumber) -> Ratio { try number(name) }

  private func number<U>(_ name: String, scale: Double = 1) throws(MissingNumber) -> Term<U> {
    guard let number = machine.numbers[name] else { throw MissingNumber(name: name) }
    let quantity = number.quantity
    return .input(
      name, quantity.estimate * scale, low: quantity.low * scale, high: quantity.high * scale,
      source: TermSource.machine)
  }
}

/// Where the inputs of a model come from, for its page.
enum TermSource {
  /// `perflab numbers`
  static let machine = "this machine"
  /// A profile that was taken before the measurement.
  static let profile = "a profile"
}

/// A number that the model wants and the machine has no value for.
public struct MissingNumber: Error, Equatable, Sendable {
  /// As `perflab numbers` lists it, or what else is missing.
  public let name: String
  /// In one line, with what to do.
  public let reason: String

  /// One of the machine's numbers.
  public init(name: String) {
    self.name = name
    reason = "this machine has no value for \(name); see 'perflab numbers'"
  }

  /// What a model looks up elsewhere.
  public init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }
}

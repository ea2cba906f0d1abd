/// An input of a computed result.
public struct ComputedInput: Equatable, Sendable, Codable {
  /// `price of a core`
  public var name: String
  /// With the interval that it was drawn from.
  public var quantity: Quantity
  /// `this machine`, a citation, a file, `assumption`.
  public var source: String

  /// An input with its interval and source.
  public init(name: String, quantity: Quantity, source: String) {
    self.name = name
    self.quantity = quantity
    self.source = source
  }
}

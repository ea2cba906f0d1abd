/// A span as far as a map needs it.
public struct TracedSpan: Equatable, Sendable {
  /// Hexadecimal, as the request's other spans have it.
  public var trace: String
  /// Hexadecimal.
  public var id: String
  /// Of the span that this one is a part of; empty for the first of a request.
  public var parent: String
  /// `service.name` of what made it.
  public var service: String
  /// Its own name.
  public var name: String
  /// Attributes that are texts, by their names.
  public var attributes: [String: String]

  /// A span of a request.
  public init(
    trace: String, id: String, parent: String = "", service: String, name: String,
    attributes: [String: String] = [:]
  ) {
    self.trace = trace
    self.id = id
    self.parent = parent
    self.service = service
    self.name = name
    self.attributes = attributes
  }

  /// The module that its code belongs to: what stands before the last dot of the function's full
  /// name. Nil where the span does not say which function it is.
  ///
  /// Source: OpenTelemetry's semantic conventions, `code.function.name` and, before 1.30,
  /// `code.namespace`.
  var module: String? {
    if let function = attributes["code.function.name"], let dot = function.lastIndex(of: ".") {
      return String(function[..<dot])
    }
    return attributes["code.namespace"]
  }
}

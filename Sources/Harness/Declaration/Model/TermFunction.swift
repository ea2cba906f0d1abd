/// A function of pure numbers inside a term: `Erlang B(servers, load)`.
struct TermFunction: Sendable, Equatable {
  /// As the formula has it; functions of one name are the same.
  let name: String
  let body: @Sendable ([Double]) -> Double

  static func == (a: TermFunction, b: TermFunction) -> Bool { a.name == b.name }
}

extension Term<Pure> {
  /// What arithmetic alone does not express: a closed form of queueing theory, a quantile.
  /// - Parameters:
  ///   - name: what the formula shows before the arguments.
  ///   - body: pure, and fast: it is called once for each draw.
  public static func function(
    _ name: String, of argument: Ratio, _ body: @escaping @Sendable (Double) -> Double
  ) -> Ratio {
    Ratio(.applied(TermFunction(name: name) { body($0[0]) }, [argument.node]))
  }

  /// The same with two arguments.
  public static func function(
    _ name: String, of first: Ratio, _ second: Ratio,
    _ body: @escaping @Sendable (Double, Double) -> Double
  ) -> Ratio {
    Ratio(.applied(TermFunction(name: name) { body($0[0], $0[1]) }, [first.node, second.node]))
  }

  /// The same with three arguments.
  public static func function(
    _ name: String, of first: Ratio, _ second: Ratio, _ third: Ratio,
    _ body: @escaping @Sendable (Double, Double, Double) -> Double
  ) -> Ratio {
    Ratio(
      .applied(
        TermFunction(name: name) { body($0[0], $0[1], $0[2]) },
        [first.node, second.node, third.node]))
  }
}

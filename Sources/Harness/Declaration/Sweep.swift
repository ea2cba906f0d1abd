import Results

/// One axis along which an experiment is measured, and the value that the tests run.
public struct Sweep: Sendable {
  /// `working set`, `threads`.
  public let axis: String
  /// Whether the values are numbers (a log axis) or names.
  public let isNumeric: Bool
  /// In the order of the page.
  public let values: [Parameter]
  /// The value that the tests run.
  public let smoke: Parameter
  /// What a value needs beyond the experiment: memory, cores.
  public let needs: @Sendable (_ value: Int) -> [Requirement]

  /// Sizes in bytes. `.bytes("working set", [16 << 10, 256 << 10], smoke: 1 << 10)`
  public static func bytes(
    _ axis: String, _ values: [Int], smoke: Int,
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    Sweep(
      axis: axis, isNumeric: true, values: values.map(sized), smoke: sized(smoke), needs: needs)
  }

  /// Counts. `.count("threads", [2, 4, 8], smoke: 2, needs: { [.cores($0)] })`
  /// - Parameter label: what people read for a value.
  public static func count(
    _ axis: String, _ values: [Int], smoke: Int, label: (Int) -> String = { String($0) },
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    func counted(_ value: Int) -> Parameter { Parameter(value: value, label: label(value)) }
    return Sweep(
      axis: axis, isNumeric: true, values: values.map(counted), smoke: counted(smoke),
      needs: needs)
  }

  /// The same values side by side instead of joined by lines: where what counts is not how large a
  /// value is, so that neighbours differ most.
  public func asCases() -> Sweep {
    Sweep(axis: axis, isNumeric: false, values: values, smoke: smoke, needs: needs)
  }

  /// Named cases; the value is the index. `.named("workload", ["churn", "hand-over"], smoke: 0)`
  public static func named(
    _ axis: String, _ names: [String], smoke: Int,
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    let values = names.enumerated().map { Parameter(value: $0.offset, label: $0.element) }
    return Sweep(axis: axis, isNumeric: false, values: values, smoke: values[smoke], needs: needs)
  }

  private static func sized(_ bytes: Int) -> Parameter {
    let steps = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    for (size, name) in steps where bytes >= size && bytes % size == 0 {
      return Parameter(value: bytes, label: "\(bytes / size) \(name)")
    }
    return Parameter(value: bytes, label: "\(bytes) B")
  }
}

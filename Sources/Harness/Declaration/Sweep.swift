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
  /// What people read for any value between the ends.
  let title: @Sendable (Int) -> String
  /// Where values count threads: how many threads a value stands for.
  public private(set) var threads: ThreadCount?

  /// Sizes in bytes. `.bytes("working set", [16 << 10, 256 << 10], smoke: 1 << 10)`
  public static func bytes(
    _ axis: String, _ values: [Int], smoke: Int,
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    Sweep(
      axis: axis, isNumeric: true, values: values.map(sized), smoke: sized(smoke), needs: needs,
      title: approximated)
  }

  /// Counts. `.count("threads", [2, 4, 8], smoke: 2, needs: { [.cores($0)] })`
  /// - Parameter label: what people read for a value.
  public static func count(
    _ axis: String, _ values: [Int], smoke: Int,
    label: @escaping @Sendable (Int) -> String = { String($0) },
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    func counted(_ value: Int) -> Parameter { Parameter(value: value, label: label(value)) }
    return Sweep(
      axis: axis, isNumeric: true, values: values.map(counted), smoke: counted(smoke),
      needs: needs, title: label)
  }

  /// The same values side by side instead of joined by lines: where what counts is not how large a
  /// value is, so that neighbours differ most.
  public func asCases() -> Sweep {
    Sweep(
      axis: axis, isNumeric: false, values: values, smoke: smoke, needs: needs, title: title)
  }

  /// Named cases; the value is the index. `.named("workload", ["churn", "hand-over"], smoke: 0)`
  public static func named(
    _ axis: String, _ names: [String], smoke: Int,
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    let values = names.enumerated().map { Parameter(value: $0.offset, label: $0.element) }
    return Sweep(
      axis: axis, isNumeric: false, values: values, smoke: values[smoke], needs: needs,
      title: { values.indices.contains($0) ? values[$0].label : String($0) })
  }

  /// Threads, for what is run in parallel: 1, 2, 4 … and as many as there are cores. Which of them
  /// there are is known only where it is run (`fitted`).
  ///
  ///     .threads()                      // 1, 2, 4, 8, 12 on twelve cores
  ///     .threads("pairs", each: 2)      // 1, 2, 4, 6
  ///     .threads("readers", besides: 1) // 1, 2, 4, 8, 11
  /// - Parameters:
  ///   - each: threads of one of what the axis counts.
  ///   - besides: threads that are there at every value.
  ///   - needs: beyond the cores.
  public static func threads(
    _ axis: String = "threads", each: Int = 1, besides: Int = 0,
    needs: @escaping @Sendable (Int) -> [Requirement] = { _ in [] }
  ) -> Sweep {
    let threads = ThreadCount(each: each, besides: besides)
    var sweep = count(
      axis, (0...7).map { 1 << $0 }, smoke: threads.values(upTo: 2).last ?? 1,
      needs: { [.cores(threads.count(at: $0))] + needs($0) })
    sweep.threads = threads
    return sweep
  }

  /// The same on a machine: a sweep of threads ends with all its cores.
  func fitted(to cores: Int) -> Sweep {
    guard let threads else { return self }
    let values = threads.values(upTo: cores)
    // Where there are too few even for one, that one is skipped and says so.
    return with((values.isEmpty ? [1] : values).map { Parameter(value: $0, label: String($0)) })
  }

  /// The same axis with other values.
  func with(_ values: [Parameter]) -> Sweep {
    var sweep = Sweep(
      axis: axis, isNumeric: isNumeric, values: values, smoke: smoke, needs: needs, title: title)
    sweep.threads = threads
    return sweep
  }

  /// With two digits, for a size between those that are swept.
  private static func approximated(_ bytes: Int) -> String {
    let steps = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B")]
    for (size, name) in steps where bytes >= size {
      return "\(roundedToTwoDigits(Double(bytes) / Double(size)).brief) \(name)"
    }
    return "\(bytes) B"
  }

  /// `4.43` becomes 4.4, `1234` 1200.
  static func roundedToTwoDigits(_ x: Double) -> Double {
    var scale = 1.0
    while x / scale >= 100 { scale *= 10 }
    while x / scale < 10, scale > 1e-9 { scale /= 10 }
    return (x / scale).rounded() * scale
  }

  private static func sized(_ bytes: Int) -> Parameter {
    let steps = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    for (size, name) in steps where bytes >= size && bytes % size == 0 {
      return Parameter(value: bytes, label: "\(bytes / size) \(name)")
    }
    return Parameter(value: bytes, label: "\(bytes) B")
  }
}

/// How many threads a value of a sweep stands for.
public struct ThreadCount: Sendable, Hashable {
  /// Of one of what the axis counts.
  public let each: Int
  /// At every value.
  public let besides: Int

  /// With `value` of what the axis counts.
  public func count(at value: Int) -> Int { each * value + besides }

  /// 1, 2, 4 … and the most that so many cores have room for.
  func values(upTo cores: Int) -> [Int] {
    let most = (cores - besides) / each
    let doubled = sequence(first: 1) { $0 * 2 }.prefix { $0 < most }
    return most < 1 ? [] : doubled + [most]
  }
}

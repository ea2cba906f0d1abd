/// Round values for an axis.
enum Ticks {
  /// On a logarithmic axis: decades, then 1-3, 1-2-5 and single steps within a decade, then even
  /// steps where the axis spans less than that.
  static func logarithmic(low: Double, high: Double, limit: Int) -> [Double] {
    guard low > 0, high > low else { return [] }
    let first = Int(log10(low).rounded(.down))
    let last = Int(log10(high).rounded(.up))
    // Where there are too many decades, every second, third, … of them.
    let tens = decades(first, last, low, high, steps: [1])
    for stride in [2, 3, 4, 6, 9, 12, 24, 48, 96] where tens.count > limit {
      let some = (first...last).filter { $0.isMultiple(of: stride) }.map(power10)
        .filter { $0 >= low && $0 <= high }
      if some.count <= limit { return some }
    }
    for steps in [[1.0], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]] {
      let ticks = decades(first, last, low, high, steps: steps)
      if ticks.count >= 3 && ticks.count <= limit { return ticks }
    }
    return linear(low: low, high: high, limit: limit)
  }

  private static func decades(
    _ first: Int, _ last: Int, _ low: Double, _ high: Double, steps: [Double]
  ) -> [Double] {
    var result: [Double] = []
    for exponent in first...last {
      for step in steps {
        let tick = step * power10(exponent)
        if tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9) { result.append(tick) }
      }
    }
    return result
  }

  /// Even steps of 1, 2 or 5 times a power of ten.
  static func linear(low: Double, high: Double, limit: Int) -> [Double] {
    guard high > low, limit > 1 else { return [] }
    let rough = (high - low) / Double(limit)
    let exponent = Int(log10(rough).rounded(.down))
    let steps = [1.0, 2, 5, 10].map { $0 * power10(exponent) }
    let step = steps.first { $0 >= rough } ?? rough
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    guard last >= first else { return [] }
    // A product of whole numbers and the step's own digits: 3 × 0.1 is not 0.1 + 0.1 + 0.1.
    return (first...last).map { exponent < 0 ? Double($0) / (1 / step) : Double($0) * step }
  }

  /// Powers of two inside, thinned to at most `limit`.
  static func powersOfTwo(low: Double, high: Double, limit: Int) -> [Double] {
    guard low > 0, high >= low else { return [] }
    let first = Int((log2(low) - 1e-9).rounded(.up))
    let last = Int((log2(high) + 1e-9).rounded(.down))
    guard last >= first else { return [] }
    var stride = 1
    while (last - first) / stride + 1 > limit { stride += 1 }
    // Whole multiples of the step, so that the ticks are 1 KiB, 32 KiB, 1 MiB and not shifted.
    return (first...last).filter { $0 % stride == 0 }
      .map { Double(sign: .plus, exponent: $0, significand: 1) }
  }
}

/// One of the passes over all experiments that share a point's processes.
public struct Pass: Hashable, Sendable {
  /// From 0.
  public let index: Int
  /// How many there are.
  public let count: Int

  /// - Parameters:
  ///   - index: from 0.
  ///   - count: at least 1.
  public init(_ index: Int, of count: Int) {
    precondition(index >= 0 && index < count, "a pass is one of \(count)")
    self.index = index
    self.count = count
  }

  /// Everything at once.
  public static let only = Pass(0, of: 1)

  /// Whether a point is finished after it.
  public var isLast: Bool { index == count - 1 }

  /// What of a whole is due at its end, rounded up.
  func due(of whole: Int) -> Int { (whole * (index + 1) + count - 1) / count }

  /// What of a whole is due at its end.
  func due(of whole: Double) -> Double { whole * Double(index + 1) / Double(count) }
}

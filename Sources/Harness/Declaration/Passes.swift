import CPerflab

/// Returns its argument; the optimiser must take it for any value.
///
/// A kernel that only reads is otherwise moved out of the loop that repeats it.
@inlinable @inline(__always)
public func opaque(_ value: Int) -> Int { Int(perflab_opaque(Int64(value))) }

/// How often a kernel passes over its input within one call, so that a call with a small input is
/// long enough to be timed, and a large input is read once.
///
///     let passes = Passes(over: bytes, toReach: 1 << 20)
///     passes.sum { total(input.opaqueElements.span) }
public struct Passes: Sendable, Equatable {
  /// At least one.
  public let count: Int

  /// - Parameters:
  ///   - size: of one pass, in whatever the kernel's time grows with: bytes, elements.
  ///   - enough: what one call should amount to in the same unit. The default suits elements that
  ///     take about a cycle each.
  public init(over size: Int, toReach enough: Int = 1 << 14) {
    count = max(1, enough / max(1, size))
  }

  /// The wrapping sum of what the passes give.
  @inlinable @inline(__always)
  public func sum(_ pass: () -> Int) -> Int {
    var total = 0
    for _ in 0..<count { total &+= pass() }
    return total
  }

  /// The sum of what the passes give.
  @inlinable @inline(__always)
  public func sum(_ pass: () -> Double) -> Double {
    var total = 0.0
    for _ in 0..<count { total += pass() }
    return total
  }
}

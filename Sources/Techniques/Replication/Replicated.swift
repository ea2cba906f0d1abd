/// A value with copies that are changed apart from each other and merged later, in any order and as
/// often as one likes: merging is commutative, associative and idempotent, so that copies that have
/// seen the same changes are equal.
///
/// | | of two concurrent changes | costs |
/// |---|---|---|
/// | `LastWriterWins` | the one with the later clock stays, the other is lost | a time |
/// | `ReplicatedCounter` | both count | two numbers per node |
/// | `ReplicatedSet` | both stay; an addition wins over a removal | a dot per element |
///
/// Source: M. Shapiro, N. Preguiça, C. Baquero, M. Zawirski, "Conflict-free replicated data types",
/// SSS 2011.
public protocol Replicated: Equatable, Sendable {
  /// What both copies know.
  func merged(with other: Self) -> Self
}

/// A value whose latest change by the clock stays. Clocks that differ lose changes that were made
/// later, and nobody notices.
public struct LastWriterWins<Value: Equatable & Sendable>: Replicated {
  /// Of the latest change.
  public private(set) var value: Value
  private var time: Double
  private var node: Int

  /// - Parameters:
  ///   - time: by the clock of the node.
  ///   - node: decides between equal times.
  public init(_ value: Value, at time: Double, node: Int) {
    self.value = value
    self.time = time
    self.node = node
  }

  /// Changes the value, unless a change with a later time is known already.
  public mutating func set(_ value: Value, at time: Double, node: Int) {
    self = merged(with: LastWriterWins(value, at: time, node: node))
  }

  /// See `Replicated`.
  public func merged(with other: Self) -> Self {
    (time, node) >= (other.time, other.node) ? self : other
  }
}

/// A counter that each node raises and lowers by itself.
public struct ReplicatedCounter: Replicated {
  private var sums: [Int: Sums] = [:]

  private struct Sums: Equatable, Sendable {
    var up = 0
    var down = 0
  }

  /// Zero.
  public init() {}

  /// Of all changes that are known.
  public var value: Int { sums.values.reduce(0) { $0 + $1.up - $1.down } }

  /// Adds an amount, which may be negative, at a node.
  public mutating func add(_ amount: Int, at node: Int) {
    if amount >= 0 {
      sums[node, default: Sums()].up += amount
    } else {
      sums[node, default: Sums()].down -= amount
    }
  }

  /// See `Replicated`.
  public func merged(with other: Self) -> Self {
    var result = self
    result.sums.merge(other.sums) { Sums(up: max($0.up, $1.up), down: max($0.down, $1.down)) }
    return result
  }
}

import Synchronization

/// An atomic value on a cache line that nothing else uses.
///
/// 56 bytes before and 64 behind keep every neighbour off a 64-byte line, however the value itself
/// is aligned; neighbours in an array are 128 bytes apart, out of reach of a prefetcher that fetches
/// lines in pairs.
///
/// ```swift
/// final class Counters: Sendable {
///   let hits = PaddedAtomic<Int>(0)
///   let misses = PaddedAtomic<Int>(0)
/// }
/// counters.hits.value.add(1, ordering: .relaxed)
/// ```
///
/// Source: Intel, *64 and IA-32 Architectures Optimization Reference Manual*, "Sharing of Data
/// and Locks": pad to 128 bytes, since lines are fetched in pairs.
@frozen
public struct PaddedAtomic<Value: AtomicRepresentable>: ~Copyable {
  @usableFromInline let before: InlineArray<7, UInt64>
  /// The atomic itself.
  public let value: Atomic<Value>
  @usableFromInline let behind: InlineArray<8, UInt64>

  /// Starts with `initial`.
  @inlinable
  public init(_ initial: consuming Value) {
    before = InlineArray(repeating: 0)
    value = Atomic(initial)
    behind = InlineArray(repeating: 0)
  }
}

extension PaddedAtomic: Sendable where Value: Sendable {}

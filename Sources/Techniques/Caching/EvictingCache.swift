/// A cache of a fixed number of entries that decides which one makes room for a new one.
///
/// | | keeps | a hit costs | a scan of new keys |
/// |---|---|---|---|
/// | `LRUCache` | what was used last | moving an entry in a list | evicts everything |
/// | `S3FIFOCache` | what was used again soon, then what is used at all | a counter | passes through a tenth |
/// | `TinyLFUCache` | what is used most often | four counters, and a list | is not admitted |
///
/// For one thread at a time.
public protocol EvictingCache: ~Copyable {
  /// An empty cache.
  /// - Parameter capacity: entries at most.
  init(capacity: Int)

  /// The value of a key, which counts as a use; nil where it is not there.
  /// - Complexity: O(1) expected.
  mutating func value(of key: UInt64) -> UInt64?

  /// Adds a key that is not there, in place of another if the cache is full. A cache may refuse it.
  /// - Complexity: O(1) expected, amortised.
  mutating func insert(_ value: UInt64, for key: UInt64)
}

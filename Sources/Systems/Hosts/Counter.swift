import Synchronization

/// A number that one thread raises and others read.
final class Counter: Sendable {
  private let number = Atomic(0)

  var value: Int { number.load(ordering: .relaxed) }

  /// - Returns: the value before.
  @discardableResult
  func add(_ more: Int = 1) -> Int { number.wrappingAdd(more, ordering: .relaxed).oldValue }

  func raise(to value: Int) {
    if value > self.value { number.store(value, ordering: .relaxed) }
  }
}

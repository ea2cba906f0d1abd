/// A queue in an array that is used round and round: appending and removing take constant time,
/// and no allocation once it has grown to what is needed. For one thread at a time.
///
/// - Complexity: `append` amortised O(1), `popFirst` O(1).
public struct Ring<Element> {
  // All of it is inlinable: where it is not specialised, each step goes by way of metadata.
  @usableFromInline var slots: [Element?]
  @usableFromInline var head = 0
  @usableFromInline var filled = 0

  /// The elements in the queue.
  @inlinable public var count: Int { filled }

  /// - Parameter capacity: the elements that fit before it must grow.
  @inlinable
  public init(capacity: Int = 16) {
    let size = 1 << (Int.bitWidth - (max(capacity, 1) - 1).leadingZeroBitCount)
    slots = Array(repeating: nil, count: size)
  }

  /// Adds an element at the end.
  @inlinable
  public mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    slots[(head + count) & (slots.count - 1)] = element
    filled += 1
  }

  /// Removes the oldest element; nil where there is none.
  @inlinable
  public mutating func popFirst() -> Element? {
    if count == 0 { return nil }
    let element = slots[head].take()
    head = (head + 1) & (slots.count - 1)
    filled -= 1
    return element
  }

  @usableFromInline
  mutating func grow() {
    var larger = [Element?](repeating: nil, count: slots.count * 2)
    for index in 0..<count { larger[index] = slots[(head + index) & (slots.count - 1)].take() }
    slots = larger
    head = 0
  }
}

extension Ring: Sendable where Element: Sendable {}

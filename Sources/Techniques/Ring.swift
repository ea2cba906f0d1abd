/// A queue in an array that is used round and round: appending and removing take constant time,
/// and no allocation once it has grown to what is needed. For one thread at a time.
///
/// - Complexity: `append` amortised O(1), `popFirst` O(1).
public struct Ring<Element> {
  private var slots: [Element?]
  private var head = 0

  /// The elements in the queue.
  public private(set) var count = 0

  /// - Parameter capacity: the elements that fit before it must grow.
  public init(capacity: Int = 16) {
    let size = 1 << (Int.bitWidth - (max(capacity, 1) - 1).leadingZeroBitCount)
    slots = Array(repeating: nil, count: size)
  }

  /// Adds an element at the end.
  public mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    slots[(head + count) & (slots.count - 1)] = element
    count += 1
  }

  /// Removes the oldest element; nil where there is none.
  public mutating func popFirst() -> Element? {
    if count == 0 { return nil }
    let element = slots[head].take()
    head = (head + 1) & (slots.count - 1)
    count -= 1
    return element
  }

  private mutating func grow() {
    var larger = [Element?](repeating: nil, count: slots.count * 2)
    for index in 0..<count { larger[index] = slots[(head + index) & (slots.count - 1)].take() }
    slots = larger
    head = 0
  }
}

extension Ring: Sendable where Element: Sendable {}

import Techniques

/// A bounded queue from a producing thread to a consuming one.
protocol MessageQueue: AnyObject, Sendable {
  /// False if it is full.
  func push(_ message: Int) -> Bool
  /// Nil if it is empty.
  func pop() -> Int?
}

extension SPSCRing<Int>: MessageQueue {}

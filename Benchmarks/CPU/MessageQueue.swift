import Techniques

/// A bounded queue from a producing thread to a consuming one.
protocol MessageQueue: AnyObject, Sendable {
  /// False if it is full.
  func push(_ message: Int) -> Bool
  /// Nil if it is empty.
  func pop() -> Int?
}

extension SPSCRing<Int>: MessageQueue {}

/// What either side does with a message: a chain of two dependent operations per step.
@inline(__always)
func processed(_ message: Int, _ additions: Int) -> Int {
  var value = message
  for step in 0..<additions { value = (value ^ step) &+ 1 }
  return value
}

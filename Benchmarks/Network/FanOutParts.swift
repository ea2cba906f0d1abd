import Harness
import LoadBenches
import Systems

/// Servers that each request asks all of.
final class FanOutServers: LoadedServers {
  let count: Int

  init(_ point: Point) throws {
    count = point.value
    // None of them has a queue, so that eight stand for any number.
    try super.init(
      point, [Behaviour](repeating: Behaviour(), count: 8), connections: 120)
  }
}

/// Which responses are there, of requests that need `count` each.
struct FanOutParts {
  private let count: Int
  private var missingOf: [Int]
  private var there: [Bool]

  init(requests: Int, count: Int) {
    self.count = count
    missingOf = [Int](repeating: count, count: requests)
    there = [Bool](repeating: false, count: requests * count)
  }

  /// Responses that are not there.
  var missing: Int { missingOf.reduce(0, +) }

  /// - Parameter part: request × count + server.
  func isThere(_ part: Int) -> Bool { there[part] }

  /// A response is there. Returns whether its request has them all.
  mutating func complete(_ part: Int) -> Bool {
    there[part] = true
    missingOf[part / count] -= 1
    return missingOf[part / count] == 0
  }
}

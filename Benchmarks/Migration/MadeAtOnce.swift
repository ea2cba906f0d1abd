import Synchronization
import Systems

/// Makes one thing of each item, in their order, some at a time: for work that mostly waits, as a
/// client and its server do for each other.
/// - Parameters:
///   - count: how many at a time.
///   - make: called on threads of its own.
func made<Item: Sendable, Made: Sendable>(
  of items: [Item], atOnce count: Int, _ make: @escaping @Sendable (Item) throws -> Made
) throws -> [Made] {
  let made = Mutex<[Int: Result<Made, any Error>]>([:])
  let threads = try (0..<count).map { first in
    try ServerThread(on: nil, isJoined: true) {
      for index in stride(from: first, to: items.count, by: count) {
        let one = Result { try make(items[index]) }
        made.withLock { $0[index] = one }
      }
    }
  }
  for thread in threads { thread.join() }
  return try made.withLock { made in try items.indices.map { try made[$0]!.get() } }
}

import Synchronization
import Testing

@testable import Techniques

struct EventCountTests {
  @Test func aKeyFromBeforeAChangeDoesNotSleep() {
    let events = EventCount()
    let key = events.prepare()
    events.notify(1)
    // Returns: else the test would hang.
    events.wait(key)
    #expect(events.prepare() != key)
  }

  /// Two threads take turns at a plain cell, and sleep in between: a lost wake-up hangs, and a
  /// missing fence is a data race on the cell.
  @Test func turnsAreNeverLostAndWhatIsWrittenBeforeANotifyIsSeenAfterTheWait() throws {
    let table = Table()
    let pool = try ThreadPool(threads: 2)
    for player in 0..<2 {
      pool.submit {
        for round in 0..<2_000 {
          table.awaitTurn(2 * round + player)
          table.cell += 1
          table.turn.store(2 * round + player + 1, ordering: .releasing)
          table.events.notify(.max)
        }
      }
    }
    pool.drain()
    #expect(table.cell == 4_000)
  }
}

private final class Table: @unchecked Sendable {
  // SAFETY (@unchecked): the cell belongs to the player whose turn it is.
  let events = EventCount()
  let turn = Atomic<Int>(0)
  var cell = 0

  func awaitTurn(_ mine: Int) {
    while true {
      let key = events.prepare()
      if turn.load(ordering: .acquiring) == mine { return }
      events.wait(key)
    }
  }
}

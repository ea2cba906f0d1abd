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

  /// The new key alone orders what was written before the `notify`: nothing else is shared, so that
  /// a missing acquire or release in it is a data race on the cell.
  @Test func whatIsWrittenBeforeANotifyIsSeenWithTheNewKey() throws {
    let rally = Rally()
    let pool = try ThreadPool(threads: 2)
    pool.submit {
      for round in 0..<2_000 {
        rally.cell += 1
        rally.ping.notify(1)
        rally.pong.awaitKey(after: UInt32(round))
      }
    }
    pool.submit {
      for round in 0..<2_000 {
        rally.ping.awaitKey(after: UInt32(round))
        rally.cell += 1
        rally.pong.notify(1)
      }
    }
    pool.drain()
    #expect(rally.cell == 4_000)
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

private final class Rally: @unchecked Sendable {
  // SAFETY (@unchecked): the cell belongs to the player who was notified last.
  let ping = EventCount()
  let pong = EventCount()
  var cell = 0
}

extension EventCount {
  /// Keys count the notifies, from zero.
  fileprivate func awaitKey(after key: UInt32) { while prepare() == key { wait(key) } }
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

import Databases
import Foundation
import Platform
import Testing

@Suite struct ForkTests {
  /// Without a guard the copy waits for ever for a lock that a thread held which it does not have.
  @Test func aCopyUsesSQLiteWhileOtherThreadsDo() throws {
    let isOver = Flag()
    let threads = (0..<3).map { _ in
      Thread {
        while !isOver.value {
          let database = try? SQLiteDatabase(.memory)
          try? database?.execute("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, randomblob(9))")
        }
      }
    }
    for thread in threads { thread.start() }
    defer { isOver.set() }
    for number in 1...60 {
      let copy = try ProcessCopy(seconds: 10) { say in
        let database = try SQLiteDatabase(.memory)
        try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        say(number)
      }
      #expect(try copy.word() == number)
    }
  }
}

/// For several threads.
private final class Flag: @unchecked Sendable {
  // SAFETY (@unchecked): guarded by the lock.
  private let lock = NSLock()
  private var isSet = false

  var value: Bool { lock.withLock { isSet } }
  func set() { lock.withLock { isSet = true } }
}

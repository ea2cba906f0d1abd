import Glibc
import Harness
import Platform
import Results
import Synchronization
import Systems

/// Writes each order once when it is due, and watches how long nothing is acknowledged. Sessions that
/// lose their server wait for the other one.
final class PostgresOrders: Sendable {
  /// Connections of one writer to both servers, as a pool has them that also reads from the standby.
  struct Session {
    private let first, second: PostgresConnection

    init(of primary: PostgresServer, thenOf standby: PostgresServer) throws(PostgresError) {
      (first, second) = (try primary.connect(), try standby.connect())
      for connection in [first, second] {
        try connection.prepare("order", "INSERT INTO orders VALUES ($1)")
      }
    }

    /// Returns when the commit is acknowledged.
    func write(_ order: Int, isMoved: Bool) throws(PostgresError) {
      _ = try (isMoved ? second : first).run("order", [order])
    }
  }

  private struct Book {
    var acknowledged: [Int] = []
    var unanswered = 0
    var longestGap: UInt64 = 1
    var last: UInt64 = 0
  }

  private let book = Mutex(Book())
  private let next = Atomic(0)
  private let hasMoved = Flag()
  private let arrivals: Arrivals
  /// Leaves time to start the threads.
  private let begin = Clock.now() + 20_000_000

  init(_ arrivals: Arrivals) { self.arrivals = arrivals }

  /// The other server takes writes.
  func goOn() { hasMoved.set() }

  /// Writes whatever order is due next, until all are written.
  func write(in session: Session) throws {
    ServerThread.sleepExactly()
    var isMoved = false
    while true {
      let order = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard order < arrivals.times.count else { return }
      let (due, now) = (begin + arrivals.times[order], Clock.now())
      if due > now { usleep(UInt32((due - now) / 1_000)) }
      do {
        try session.write(order, isMoved: isMoved)
        acknowledge(order)
      } catch {
        guard !isMoved else { throw error }
        book.withLock { $0.unanswered += 1 }
        while !hasMoved.isSet { usleep(200) }
        isMoved = true
      }
    }
  }

  private func acknowledge(_ order: Int) {
    book.withLock { book in
      let now = Clock.now()
      if book.last > 0 { book.longestGap = max(book.longestGap, now - book.last) }
      book.last = now
      book.acknowledged.append(order)
    }
  }

  /// - Parameter found: orders that the other server has.
  func report(found: Set<Int>) -> (report: [String: Counter], lost: Int) {
    let book = book.withLock { $0 }
    let lost = book.acknowledged.count { !found.contains($0) }
    return (
      Standby.report(
        gap: book.longestGap, acknowledged: book.acknowledged.count, lost: lost,
        unanswered: book.unanswered), lost
    )
  }
}

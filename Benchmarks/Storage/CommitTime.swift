import Databases
import Harness

extension Question {
  /// Time of a record that SQLite commits to a write-ahead log.
  /// - Parameters:
  ///   - records: of a transaction.
  ///   - flushes: of a commit.
  ///   - checkpoint: flushes of a checkpoint, one of which follows 32 commits.
  func sqliteCommit(
    of records: Double, flushes: Double, checkpoint: Double = 3
  ) throws(MissingNumber) -> Time {
    let commits = Double(DurabilityTrial.commits)
    // A page has room for 37 rows of 109 bytes; a commit writes the last page again.
    let pages = records / 37
    let page = try time("sqlite.page.log")
    let row = (try time("sqlite.insert")).named("row")
    let commit = (try time("sqlite.commit.wal") / records).named("begin and commit")
    let copied = ((pages + 1 / commits) / records * page).named("checkpoint: pages")
    let written = (pages / records * page).named("further pages")
    let bytes = 4_096 * (pages + 1)
    // The log of a file that a process has just made still grows.
    let grows = try time("flush.append") + (try self.flush(of: bytes)) - (try time("flush.4k"))
    let flush = (flushes / records * grows).named("flush of the log")
    // Of the log, of the database, which grows as well, and of the log's new header after it.
    let each = checkpoint * (try time("fsync.4k"))
    let transfer = (try self.flush(of: bytes * commits)) - (try time("flush.4k"))
    let all = checkpoint > 0 ? each + transfer : .zero
    return row + commit + written + copied + flush
      + (all / (commits * records)).named("checkpoint: flushes")
  }

  /// Time of a flush of so many bytes that overwrite others.
  func flush(of bytes: Double) throws(MissingNumber) -> Time {
    let (small, large) = (try time("flush.4k"), try time("flush.256k"))
    let share = max(0, bytes - 4_096) / (252 * 1_024)
    return small + share * (large - small)
  }

  /// Time of a record in memory: an array of its own, an entry of a dictionary, bytes of the log and
  /// their checksum.
  func loggedRecord() throws(MissingNumber) -> Time {
    try time("log.record").named("record")
  }
}

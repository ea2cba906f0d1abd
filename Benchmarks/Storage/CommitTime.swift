import Databases
import Harness

extension Question {
  /// Time of a record that SQLite commits to a write-ahead log.
  /// - Parameters:
  ///   - records: of a transaction.
  ///   - flushes: whether each commit waits for the device.
  ///   - checkpoints: whether a checkpoint does, one of which follows the commits of a call.
  func sqliteCommit(
    of records: Double, flushes: Bool, checkpoints: Bool = true
  ) throws(MissingNumber) -> Time {
    let commits = Double(DurabilityTrial.commits)
    // A page has room for 37 rows of 109 bytes; a commit writes the last page again.
    let pages = records / 37
    let commit = (try time("sqlite.commit.wal") / records).named("begin, a row, commit")
    let rows = ((records - 1) / records * (try time("sqlite.record"))).named("further rows")
    // The log is as long as that of the call before, and overwritten from its beginning.
    let logged = 4_096 * (pages + 1)
    let flush = flushes ? (try self.flush(of: logged) / records) : .zero
    guard checkpoints else { return commit + rows }
    // Of the log, where no commit did it; of the database, which grows; of the log's new header.
    let log = try self.flush(of: flushes ? 0 : logged * commits)
    let database = try appended(4_096 * pages * commits)
    let all = (log + database + (try time("flush.4k"))) / (commits * records)
    return commit + rows + flush.named("flush of the log") + all.named("checkpoint: flushes")
  }

  /// Time of an append of so many bytes, and of its flush. It takes new blocks once, however many;
  /// beyond 12,000 B further bytes cost what they do in place.
  func appended(_ bytes: Double) throws(MissingNumber) -> Time {
    let (small, large) = (try time("flush.append"), try time("flush.append.12k"))
    let share = min(1, max(0, bytes - 128) / (12_000 - 128))
    let further = try flush(of: max(12_000, bytes)) - flush(of: 12_000)
    return small + share * (large - small) + further
  }

  /// Time of a record in memory: an array of its own, an entry of a dictionary, bytes of the log and
  /// their checksum.
  func loggedRecord() throws(MissingNumber) -> Time {
    try time("log.record").named("record")
  }
}

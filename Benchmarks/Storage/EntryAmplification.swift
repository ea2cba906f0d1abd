import Glibc

/// Bytes that reach the device for each byte of changed entries, by the pages and levels of the
/// engines.
enum EntryAmplification {
  /// RocksDB's entries in memory that become a file.
  static let memoryBytes = 64 << 10
  /// RocksDB's first level.
  static let levelBytes = 512 << 10
  private static let pageBytes = 4_096.0

  /// LMDB's pages of entries, half full after they were filled in the order of their keys.
  static let lmdbLeaves = Double(EntryWork.count) / 17
  /// SQLite's.
  static let sqliteLeaves = Double(EntryWork.count) / 37

  /// How many of so many pages some changes at random touch.
  static func dirty(_ pages: Double, by changes: Double) -> Double {
    pages * (1 - pow(1 - 1 / pages, changes))
  }

  /// A transaction writes a copy of each page that it changes, and of those above them; of its list
  /// of free pages; and the first page.
  static func lmdb(_ work: EntryWork) -> Double {
    let changes = Double(work.writes)
    let pages = dirty(lmdbLeaves, by: changes) + min(13, changes) + 3
    return pages * pageBytes / bytes(changes)
  }

  /// A transaction writes each page that it changes to the log, with a head of 24 bytes; a checkpoint
  /// after 1,000 of them writes each page in place once.
  static func sqlite(_ work: EntryWork) -> Double {
    let changes = Double(work.writes)
    let (logged, transactions, placed) = sqlitePages(changes)
    return (logged * (pageBytes + 24) + placed / transactions * pageBytes) / bytes(changes)
  }

  /// Pages that a transaction of so many changes logs, transactions of a checkpoint, and the pages
  /// that it writes in place.
  static func sqlitePages(
    _ changes: Double
  ) -> (logged: Double, transactions: Double, placed: Double) {
    let logged = dirty(sqliteLeaves, by: changes)
    let transactions = 1_000 / max(1, logged)
    return (logged, transactions, dirty(sqliteLeaves, by: changes * transactions))
  }

  /// A transaction goes to the log, of which whole pages are written, and once into a sorted file.
  /// Four such files are merged with the first level, and each part of that with what it overlaps
  /// below: all other entries.
  static func rocks(_ work: EntryWork) -> Double {
    let changes = Double(work.writes)
    // A record has a head of 14 bytes in the log, and the last page is written again.
    let log = (changes * (EntryWork.entryBytes + 14) + pageBytes) / bytes(changes)
    let first = 1 + Double(levelBytes) / Double(4 * memoryBytes)
    let below = 1 + Double(EntryWork.count) * EntryWork.entryBytes / Double(levelBytes)
    return log + 1 + first + below
  }

  private static func bytes(_ changes: Double) -> Double {
    max(1, changes) * EntryWork.entryBytes
  }
}

/// What decides the speed and the safety of a database, said explicitly.
public struct SQLiteSettings: Sendable, Hashable {
  /// How changes are made atomic.
  public enum Journal: String, Sendable {
    /// The old pages go to a file that is deleted at commit: SQLite's default.
    case delete = "DELETE"
    /// The same file, truncated at commit.
    case truncate = "TRUNCATE"
    /// The old pages stay in memory: a killed process may leave a damaged file.
    case memory = "MEMORY"
    /// New pages go to a log that readers read too.
    case wal = "WAL"
    /// None: no rollback.
    case off = "OFF"
  }

  /// When SQLite waits for the device.
  public enum Synchronous: String, Sendable {
    /// Never: a power cut may damage the file.
    case off = "OFF"
    /// At the most critical moments.
    case normal = "NORMAL"
    /// At each commit: SQLite's default.
    case full = "FULL"
    /// For the deleted journal's folder too, without which a power cut may undo the last commit.
    case extra = "EXTRA"
  }

  /// Of a page of a new database.
  public var pageBytes: Int
  /// Of the connection's page cache.
  public var cacheBytes: Int
  /// How changes are made atomic.
  public var journal: Journal
  /// When SQLite waits for the device.
  public var synchronous: Synchronous
  /// Pages of a write-ahead log after which a commit copies them into the file (a checkpoint); 0 where
  /// that is asked for.
  public var checkpointPages: Int
  /// Seconds for which it tries again where another connection holds a lock; 0 for an error at once.
  public var patience: Double

  /// SQLite's own defaults, unless said otherwise.
  public init(
    pageBytes: Int = 4 << 10, cacheBytes: Int = 2_000 << 10, journal: Journal = .delete,
    synchronous: Synchronous = .full, checkpointPages: Int = 1_000, patience: Double = 0
  ) {
    self.pageBytes = pageBytes
    self.cacheBytes = cacheBytes
    self.journal = journal
    self.synchronous = synchronous
    self.checkpointPages = checkpointPages
    self.patience = patience
  }

  /// For data that is built anew in every process: no journal on disk and no waiting.
  public static let building = SQLiteSettings(
    cacheBytes: 64 << 20, journal: .off, synchronous: .off)

  /// A negative `cache_size` is in KiB.
  var statements: [String] {
    [
      "PRAGMA page_size = \(pageBytes)", "PRAGMA cache_size = -\(cacheBytes >> 10)",
      "PRAGMA journal_mode = \(journal.rawValue)", "PRAGMA synchronous = \(synchronous.rawValue)",
      "PRAGMA wal_autocheckpoint = \(checkpointPages)",
    ]
  }
}

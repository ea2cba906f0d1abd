/// The application's metrics by what they mean. A metric is known by the words of its name, so that
/// exporters of different systems are understood; which words is all that is assumed.
struct Vocabulary {
  private typealias Entry = (words: Set<String>, metric: Readings.Metric, series: Series)
  private let metrics: [Entry]

  init(_ readings: Readings) {
    // In one order, however the dictionary is ordered: what is found first is the same in each run.
    let sorted = readings.metrics.map { metric, series in
      (words: Set(Self.words(metric.name)), metric: metric, series: series)
    }.sorted {
      ($0.metric.source, $0.metric.name, $0.metric.labels)
        < ($1.metric.source, $1.metric.name, $1.metric.labels)
    }
    // Spring exports HikariCP's pool a second time, as `jdbc_connections`.
    let pooled = Set(sorted.filter { $0.words.contains("hikaricp") }.map(\.metric.source))
    let once = sorted.filter {
      !pooled.contains($0.metric.source) || !$0.words.isSuperset(of: ["jdbc", "connections"])
    }
    metrics = Self.requestsCounted(once)
  }

  /// Where nothing counts requests but the histogram of their times, its count does: of one histogram,
  /// since several may be of the same requests. The others' seconds don't count then, either.
  private static func requestsCounted(_ metrics: [Entry]) -> [Entry] {
    func family(_ entry: Entry) -> Substring {
      entry.metric.name.prefix(
        upTo: entry.metric.name.lastIndex(of: "_") ?? entry.metric.name.startIndex)
    }
    let timed = metrics.filter { Meaning.timedRequests.matches($0.words) }
    let isCounted = metrics.contains { counts($0, .requests) }
    guard !isCounted, !timed.isEmpty else { return metrics }
    // Those of HTTP before others; else the one that counts most.
    let families = Dictionary(grouping: timed, by: family).map { name, entries in
      (
        isHTTP: entries[0].words.contains("http") ? 1 : 0,
        count: entries.reduce(0) { $0 + amount($1.series) }, name: name
      )
    }
    let chosen = families.max { ($0.isHTTP, $0.count, $0.name) < ($1.isHTTP, $1.count, $1.name) }
    return metrics.compactMap { entry in
      let isChosen = family(entry) == chosen?.name
      if Meaning.timedRequests.matches(entry.words) {
        return isChosen ? (["requests"], entry.metric, entry.series) : nil
      }
      return isChosen || !Meaning.requestSeconds.matches(entry.words) ? entry : nil
    }
  }

  /// By how much a counter grew; of a single export what was counted since the start.
  private static func amount(_ series: Series) -> Double {
    series.values.count > 1 ? series.growth : series.values[0]
  }

  private static func words(_ name: String) -> [String] {
    name.lowercased().split { $0 == "_" || $0 == ":" }.map(String.init)
  }

  /// What to look for: at least one word of each group, and none of the others.
  struct Meaning {
    let groups: [Set<String>]
    let without: Set<String>

    init(_ groups: [Set<String>], without: Set<String> = []) {
      (self.groups, self.without) = (groups, without)
    }

    func matches(_ words: Set<String>) -> Bool {
      words.isDisjoint(with: without) && groups.allSatisfy { !words.isDisjoint(with: $0) }
    }
  }

  /// Whether it is a counter of a meaning; what lies in a histogram's bucket is counted beside it.
  private static func counts(_ entry: Entry, _ meaning: Meaning) -> Bool {
    entry.metric.isCounter && !entry.metric.name.hasSuffix("_bucket")
      && meaning.matches(entry.words)
  }

  /// By how much all counters of a meaning grew together; nil where there is none.
  func amount(_ meaning: Meaning, labels: (String) -> Bool = { _ in true }) -> Double? {
    let found = metrics.filter { Self.counts($0, meaning) && labels($0.metric.labels) }
    guard !found.isEmpty else { return nil }
    return found.reduce(0) { $0 + Self.amount($1.series) }
  }

  /// All gauges of a meaning added up, over time; nil where there is none.
  func gauge(_ meaning: Meaning) -> Series? {
    sum { !$0.metric.isCounter && meaning.matches($0.words) }
  }

  /// Gauges of two meanings whose names begin alike: of one part. Nil where there are none.
  func gauges(_ one: Meaning, _ other: Meaning) -> (Series, Series)? {
    func first(_ name: String) -> String? { Self.words(name).first }
    let gauges = metrics.filter { !$0.metric.isCounter }
    for a in gauges where one.matches(a.words) {
      if let b = gauges.first(where: {
        other.matches($0.words) && first($0.metric.name) == first(a.metric.name)
          && $0.metric.source == a.metric.source
      }) {
        return (a.series, b.series)
      }
    }
    return nil
  }

  /// The counters of a meaning added up, over time.
  func counter(_ meaning: Meaning) -> Series? {
    sum { $0.metric.isCounter && meaning.matches($0.words) }
  }

  private func sum(_ isWanted: (Entry) -> Bool) -> Series? {
    var sums: [Int: [Double: Double]] = [:]
    for each in metrics.filter(isWanted) {
      for (time, value) in zip(each.series.times, each.series.values) {
        sums[each.metric.source, default: [:]][time, default: 0] += value
      }
    }
    // Applications are asked at times of their own: the sum is at those of the most exports.
    let sources = sums.sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }
      .map { Series($0.value) }
    return sources.first.map { sources.dropFirst().reduce($0) { $0.adding($1) } }
  }

  /// Counters of attempts with the counter of what was attempted: `payment_attempts` and `payments`.
  var attempts: [(name: String, attempts: Double, calls: Double)] {
    metrics.compactMap { each in
      let name = each.metric.name
      guard each.metric.isCounter, name.hasSuffix("_attempts") else { return nil }
      let base = String(name.dropLast(9))
      let calls = metrics.first { other in
        other.metric.isCounter && other.metric.labels == each.metric.labels
          && other.metric.source == each.metric.source
          && [base, base + "s", base + "_calls", base + "_requests"].contains(other.metric.name)
      }
      guard let calls else { return nil }
      return (base, Self.amount(each.series), Self.amount(calls.series))
    }
  }

  /// Seconds from the first export to the last.
  var span: Double { metrics.map(\.series.span).max() ?? 0 }
  /// Exports.
  var exports: Int { metrics.map(\.series.values.count).max() ?? 0 }
}

extension Vocabulary.Meaning {
  private static let data: Set<String> = ["database", "db", "sql", "mysql", "pg", "jdbc", "sqlite"]
  private static let pool: Set<String> = ["pool", "hikaricp", "pgbouncer", "connections"]
  /// Connections alone may be those of clients, such as nginx's waiting ones, which are kept alive.
  private static let owner = data.union(["pool", "hikaricp", "pgbouncer"])
  /// Pools of something else.
  private static let others: Set<String> = [
    "memory", "buffer", "bytes", "thread", "threads", "executor",
  ]
  /// A histogram's number of events beside their sum, and the time of its start.
  private static let notTime: Set<String> = ["bucket", "count", "created"]

  /// Requests that the application sends, and those for its metrics.
  private static let asked: Set<String> = ["client", "promhttp"]
  private static let notServed = asked.union(["rejected", "failed", "dropped", "active"])

  static let requests = Self(
    [["requests"]],
    without: notServed.union(["sum", "seconds", "bytes"]))
  /// The number of requests in a histogram of their times, such as `http_server_requests_seconds`.
  static let timedRequests = Self(
    [["request", "requests"], ["seconds", "milliseconds", "duration", "latency"], ["count"]],
    without: notServed.union(data))
  static let requestSeconds = Self(
    [["request", "requests"], ["seconds"], ["sum"]], without: asked)
  static let queries = Self(
    [["queries"]], without: ["slow", "active", "failed", "seconds"])
  static let rows = Self(
    [["rows"]], without: ["scanned", "examined", "read", "inserted", "updated", "deleted", "sent"])
  static let scanned = Self([["rows"], ["scanned", "examined", "read"]])
  static let parsed = Self([["parsed", "parses", "prepares"]])
  /// `xact_commit` of PostgreSQL's `pg_stat_database` counts statements that only read, too: each
  /// is a transaction that ends. Consumers of a queue commit how far they have read.
  static let commits = Self(
    [["commits", "commit"]],
    without: [
      "xact", "txn", "transaction", "transactions", "consumer", "offset", "offsets", "seconds",
    ])
  static let flushes = Self([["flushes", "fsyncs", "fsync"]], without: ["cache"])
  static let databaseSeconds = Self([data, ["seconds"]], without: notTime.union(["wait"]))
  static let opened = Self([data, ["connections"], ["opened", "created"]])
  static let accepted = Self([["connections"], ["accepted"]])
  static let open = Self([["connections"], ["open", "current"]], without: data.union(["pool"]))
  static let poolSize = Self(
    [owner, pool, ["size", "max"]], without: others.union(["queue", "idle", "seconds"]))
  static let poolInUse = Self(
    [owner, pool, ["use", "active", "used", "acquired"]], without: others.union(["max"]))
  static let poolWaiting = Self([owner, pool, ["waiting", "pending", "waiters"]], without: others)
  static let poolWaitSeconds = Self(
    [owner, pool, ["wait", "waits"], ["seconds"]], without: others.union(notTime))
  static let poolTimeouts = Self([pool, ["timeouts", "timeout"]])
  static let workersBusy = Self([["workers", "threads"], ["busy", "active"]])
  static let workersSize = Self([["workers", "threads"], ["max", "size", "total"]])
  private static let lengths: [Set<String>] = [["queue", "backlog"], ["length", "size", "depth"]]
  private static let limits: Set<String> = ["max", "capacity", "limit", "remaining"]
  /// Words of what is done later, with nobody waiting for a response.
  private static let later: Set<String> = [
    "job", "jobs", "task", "tasks", "message", "messages", "celery", "sidekiq", "resque",
    "rabbitmq", "ibmmq",
  ]
  static let queue = Self(lengths, without: limits.union(later))
  static let jobs = Self(lengths + [later], without: limits)
  static let rejected = Self([["rejected", "shed", "dropped"]])
  static let misses = Self([["cache"], ["misses", "miss"]])
  static let computed = Self([["cache"], ["computations", "loads"]])
  static let hits = Self([["cache"], ["hits", "hit"]])
}

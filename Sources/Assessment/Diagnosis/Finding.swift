/// Something that costs time, with its evidence.
public struct Finding: Sendable, Equatable {
  /// What it is, in general terms.
  public enum Kind: String, CaseIterable, Sendable {
    case processor = "the processors are saturated"
    case otherPrograms = "other programs take the processors"
    case memoryShortage = "memory is short"
    case memoryGrowth = "memory grows without end"
    case disk = "a disk is saturated"
    case network = "the network loses packets or connections"
    case flushes = "requests flush to the device one by one"
    case poolTooSmall = "requests wait for a pool's connection"
    case poolLeak = "a pool's connections are not returned"
    case serialised = "requests exclude each other"
    case scans = "queries read far more rows than they return"
    case repeatedCalls = "one request makes the same call many times"
    case largeResponses = "responses are large"
    case unboundedResults = "queries return without a limit"
    case connections = "clients open a connection per request"
    case databaseConnections = "requests open a database connection each"
    case retries = "calls are retried many times"
    case tooFewWorkers = "requests wait for a worker"
    case blockedWorkers = "workers wait for something that does not answer"
    case readsThatWrite = "requests that read write as well"
    case parsing = "statements are parsed again and again"
    case cacheBursts = "an expired value is computed many times at once"
    case unboundedQueue = "a queue has no limit"
    case overload = "more work arrives than is finished"
    case slowStatement = "one statement takes a large share of the database's time"
    case hotFunction = "one function takes a large share of the processor time"
    case failures = "requests fail"
    case jobsPileUp = "a queue of jobs grows"
  }

  /// A figure that speaks for it.
  public struct Evidence: Sendable, Equatable {
    /// What was measured, with its value.
    public var figure: String
    /// From which value on it counts.
    public var threshold: String
    /// Why that is a sign of it.
    public var why: String
  }

  /// What it is.
  public var kind: Kind
  /// Where: a route, a pool, a device.
  public var subject: String
  /// Its share of what requests wait for, or of the requests that fail, 0 to 1; an estimate. 0
  /// where no request waits for it, nor fails.
  public var cost: Double
  /// In the order of weight.
  public var evidence: [Evidence]
  /// What a response gains without it.
  public var gain: Gain?

  /// What cures it.
  public var cure: Cure { Cure.of(kind) }
}

/// How much shorter a response becomes: before ÷ after.
public struct Gain: Sendable, Equatable {
  /// By a model of the queue.
  public var expected: Double
  /// At least: no queue becomes shorter. At most: nobody waits in it any more.
  public var range: ClosedRange<Double>
}

/// What helps against a finding.
public struct Cure: Sendable, Equatable {
  /// In one sentence.
  public var measure: String
  /// Days of work, from to.
  public var days: ClosedRange<Double>
  /// Experiments of the laboratory that show it and what it gains.
  public var experiments: [String]

  init(_ measure: String, days: ClosedRange<Double>, _ experiments: String...) {
    (self.measure, self.days, self.experiments) = (measure, days, experiments)
  }

  static func of(_ kind: Finding.Kind) -> Cure {
    switch kind {
    case .processor:
      Cure(
        "profile the process and shorten what it does most; else add processors", days: 2...10,
        "cpu/hot-path", "cpu/time-complexity", "scale/web-tier")
    case .otherPrograms:
      Cure(
        "find out which ones, and move them or this application; measure again without them",
        days: 0.2...2, "cpu/run-queue-length")
    case .memoryShortage:
      Cure(
        "bound the caches and the working set; else add memory", days: 1...5,
        "storage/working-set", "memory/fragmentation")
    case .memoryGrowth:
      Cure(
        "take heap profiles an hour apart and remove what holds the difference", days: 1...5,
        "memory/leak")
    case .disk:
      Cure(
        "write in batches, read less by indexes and caches; else a faster device", days: 1...10,
        "storage/group-commit", "storage/working-set", "storage/queue-depth")
    case .network:
      Cure(
        "enlarge the backlog, send less, and find the link that loses", days: 1...5,
        "network/accept-burst", "network/loss-congestion")
    case .flushes:
      Cure(
        "write the log in batches and leave flushing to the kernel", days: 0.5...2,
        "scale/logging-cost", "storage/group-commit")
    case .poolTooSmall:
      Cure(
        "size the pool by Little's law: calls per second × time of a call, and some more",
        days: 0.2...1, "scale/pool-sizing", "network/pool-size")
    case .poolLeak:
      Cure(
        "return the connection on every path, also of errors", days: 0.5...3,
        "network/pool-leak")
    case .serialised:
      Cure(
        "hold the lock for the shared data alone, not for calls of others", days: 1...5,
        "scale/write-ceiling", "cpu/queue-contention")
    case .scans:
      Cure(
        "add the index that the predicate needs", days: 0.2...1, "storage/missing-index",
        "scale/slow-query", "storage/column-order")
    case .repeatedCalls:
      Cure("ask once for all: a join or a list of keys", days: 0.5...3, "storage/n-plus-one")
    case .largeResponses:
      Cure(
        "send what the page shows, and compress it", days: 1...4, "network/encoding",
        "cost/compress-threshold")
    case .unboundedResults:
      Cure("return pages by key", days: 0.5...3, "storage/pagination")
    case .connections:
      Cure("keep connections open", days: 0.2...1, "network/keep-alive", "network/tls-resumption")
    case .databaseConnections:
      Cure("keep a pool of connections", days: 0.5...2, "scale/connection-per-request")
    case .retries:
      Cure(
        "give retries a budget, a backoff and a breaker", days: 0.5...3, "network/retry-budget",
        "scale/circuit-breaker")
    case .tooFewWorkers:
      Cure(
        "more workers, by Little's law: requests per second × the time that one needs; or shorten "
          + "what they wait for", days: 0.2...2, "scale/pool-sizing", "storage/admission")
    case .blockedWorkers:
      Cure(
        "give every call a time-out, and slow dependencies a pool of their own", days: 0.5...3,
        "scale/timeouts", "scale/circuit-breaker")
    case .readsThatWrite:
      Cure(
        "count in memory and write sums now and then", days: 0.5...3, "scale/write-ceiling",
        "storage/group-commit")
    case .parsing: Cure("prepare statements once", days: 0.5...2, "storage/prepared")
    case .cacheBursts:
      Cure(
        "spread the lifetimes, and let one request compute a missing value", days: 0.5...2,
        "scale/stampede", "scale/request-coalescing")
    case .unboundedQueue:
      Cure(
        "bound the queue and reject early", days: 0.5...2, "storage/admission",
        "scale/metastable")
    case .jobsPileUp:
      Cure(
        "add workers for the jobs or shorten a job, and bound the queue", days: 0.5...5,
        "scale/load-levelling")
    case .overload:
      Cure(
        "reject early, then add capacity where the bottleneck is", days: 1...10,
        "storage/admission", "scale/load-levelling")
    case .slowStatement:
      Cure(
        "look at its plan: index, statistics, columns", days: 0.5...4, "storage/missing-index",
        "storage/covering-index", "storage/statistics")
    case .hotFunction:
      Cure(
        "read the function, and compare its algorithm with its work", days: 1...5,
        "cpu/hot-path", "cpu/time-complexity")
    case .failures:
      Cure("read the log of the route that fails", days: 0.5...5, "scale/alert-on-percentiles")
    }
  }
}

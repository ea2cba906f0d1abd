import Glibc
import Harness
import Results
import Statistics

/// A legacy service that takes its time, the reports that it makes, and a cache that may stand in
/// front of it.
struct SlowLegacy {
  /// How long an answer of the cache may be used.
  enum Lifetime: Sendable {
    /// There is no cache.
    case none
    /// For so many seconds.
    case seconds(Double)
    /// Until the report's data change; a reader that has missed before may still enter the old
    /// answer afterwards, which then stays until the next change.
    case untilChanged
  }

  static let (reports, servers) = (200, 4)
  /// Seconds of a report, on average.
  static let service = 0.05
  /// Requests per second.
  static let rate = 60.0
  /// Milliseconds of an answer of the cache.
  static let hit = 0.5
  private static let seconds = Releases.areFew ? 60.0 : 1_200

  /// Which report a request is about.
  static let popularity = ZipfRanks(reports)
  static let exponent = UncertainInput("exponent of the reports' law", 1, in: 0.6...1.4)

  /// An answer that the cache has, or will have.
  private struct Entry {
    let entered: Double
    /// Changes of its report that it knows of.
    let version: Int
  }

  private let popularity: ZipfRanks
  private let changes: [[Double]]
  private var random: SeededGenerator

  /// - Parameter point: changes of each report per 1,000 seconds.
  init(_ point: Point) {
    popularity =
      point[Self.exponent] == Self.exponent.estimate
      ? Self.popularity : ZipfRanks(Self.reports, exponent: point[Self.exponent])
    var times = SeededGenerator(seed: point.seed, stream: 1)
    let perSecond = Double(point.value) / 1_000
    changes = (0..<Self.reports).map { _ in
      var (now, all) = (0.0, [Double]())
      while now < Self.seconds + 60 {
        now += times.exponential() / perSecond
        all.append(now)
      }
      return all
    }
    random = SeededGenerator(seed: point.seed, stream: 2)
  }

  private func version(of report: Int, at time: Double) -> Int {
    var (low, high) = (0, changes[report].count)
    while low < high {
      let middle = (low + high) / 2
      if changes[report][middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Serves all requests.
  mutating func serve(_ lifetime: Lifetime) -> Replication {
    var free = [Double](repeating: 0, count: Self.servers)
    var cache: [Int: Entry] = [:]
    var (now, hits, stale, responses) = (0.0, 0, 0, [Double]())
    while true {
      now += random.exponential() / Self.rate
      guard now < Self.seconds else { break }
      let report = popularity.rank(random.share())
      // Drawn in any case, so that all variants have the same requests.
      let service = Self.service * random.exponential()
      if let entry = cache[report], entry.entered <= now, isAlive(entry, report, now, lifetime) {
        hits += 1
        if entry.version != version(of: report, at: now) { stale += 1 }
        responses.append(Self.hit / 1_000)
        continue
      }
      let server = free.indices.min { free[$0] < free[$1] } ?? 0
      let start = max(now, free[server])
      free[server] = start + service
      responses.append(free[server] - now)
      if case .none = lifetime { continue }
      cache[report] = Entry(entered: free[server], version: version(of: report, at: start))
    }
    let all = Double(responses.count)
    return Replication(
      offered: random.next(),
      figures: [
        "response (p99)": .seconds(responses.quantile(0.99)),
        "response (p50)": .seconds(responses.quantile(0.5)),
        "answered by the cache": .share(Double(hits) / all),
        "old answers": .share(Double(stale) / all),
      ])
  }

  private func isAlive(
    _ entry: Entry, _ report: Int, _ now: Double, _ lifetime: Lifetime
  ) -> Bool {
    switch lifetime {
    case .none: false
    case .seconds(let seconds): now < entry.entered + seconds
    case .untilChanged: version(of: report, at: entry.entered) == version(of: report, at: now)
    }
  }

  // What a whiteboard knows.

  /// The response of the slowest hundredth of all requests, in seconds, where a share of them gets
  /// to the legacy service: M/M/c.
  ///
  /// Source: Kleinrock, *Queueing Systems I*, 1975, chapter 3.
  static func slowestHundredth(missing: Double) -> Double {
    let (load, count) = (rate * missing * service, Double(servers))
    guard missing > 0.01 else { return hit / 1_000 }
    var (term, sum) = (1.0, 1.0)
    for number in 1..<servers {
      term *= load / Double(number)
      sum += term
    }
    let last = term * load / count * count / (count - load)
    let waits = last / (sum + last)
    let spare = count - 1 - load
    var (low, high) = (0.0, 100.0)
    for _ in 0..<60 {
      let time = (low + high) / 2
      let longer = exp(-time) * (1 + waits * (1 - exp(-time * spare)) / spare)
      if longer * missing > 0.01 { low = time } else { high = time }
    }
    return low * service
  }
}

import Foundation
import Testing

@testable import Assessment

/// The rules, each on data in which nothing has the name of a sickness.
@Suite struct DiagnosisTests {
  /// Exports of metrics, half a second apart.
  func exports(_ count: Int = 40, _ samples: (Int) -> String) throws -> Diagnosis {
    Diagnosis(
      try Fixture.readings(
        (0..<count).map { "# collected \(1_000 + Double($0) / 2)\n\(samples($0))" }.joined()))
  }

  func kinds(_ diagnosis: Diagnosis) -> [Finding.Kind] { diagnosis.findings.map(\.kind) }

  @Test func aPublicCaseOfSaturatedProcessors() throws {
    let readings = try Fixture.read(
      "netflix-vmstat.txt", "netflix-mpstat.txt", "netflix-sar-tcp.txt")
    let diagnosis = Diagnosis(readings)
    #expect(kinds(diagnosis) == [.processor])
    #expect(diagnosis.findings[0].cure.experiments.contains("cpu/hot-path"))
    #expect(diagnosis.resources[0].name == "32 processors" && diagnosis.resources[0].isSaturated)
    let page = DiagnosisPage(diagnosis).text
    #expect(page.contains("32 processors: the processors are saturated"))
    // What the data don't say is asked for.
    #expect(diagnosis.unknowns.contains { $0.question == "how busy the disks are" })
    #expect(!diagnosis.unknowns.contains { $0.question == "how busy the processors are" })
  }

  @Test func anEvenServiceHasNoBottleneck() throws {
    let diagnosis = try exports {
      "http_requests_total \(100 * $0)\ndb_queries_total \(200 * $0)\ndb_rows_total \(400 * $0)\n"
        + "cache_hits_total \(90 * $0)\ncache_misses_total \(10 * $0)\nworkers_busy \(1 + $0 % 3)\n"
        + "queue_length \($0 % 2)\n"
    }
    #expect(kinds(diagnosis) == [])
    #expect(DiagnosisPage(diagnosis).text.contains("No bottleneck stands out"))
  }

  @Test func countsThatDontFitTogether() throws {
    let diagnosis = try exports {
      "requests_total{method=\"GET\"} \(90 * $0)\nrequests_total{method=\"POST\"} \(10 * $0)\n"
        + "mysql_commits_total \(60 * $0)\nmysql_queries_total \(100 * $0)\n"
        + "mysql_rows_read_total \(1_000_000 * $0)\nmysql_rows_total \(500 * $0)\n"
        + "mysql_prepares_total \(95 * $0)\nnginx_connections_accepted_total \(99 * $0)\n"
        + "mail_total \(5 * $0)\nmail_attempts_total \(40 * $0)\nlog_fsyncs_total \(100 * $0)\n"
    }
    #expect(
      Set(kinds(diagnosis))
        == [.scans, .readsThatWrite, .parsing, .connections, .retries, .flushes])
  }

  @Test func aQueueWithoutALimit() throws {
    let grows = try exports {
      "requests_total \(100 * $0)\nqueue_length \(80 * $0)\nworkers_busy \($0 % 3)\n"
    }
    #expect(kinds(grows) == [.unboundedQueue])
    let bounded = try exports {
      "requests_total \(100 * $0)\nqueue_length \(min(500, 80 * $0))\nrejected_total \(30 * $0)\n"
    }
    #expect(kinds(bounded) == [.overload])
  }

  @Test func missesInBursts() throws {
    func run(_ misses: (Int) -> Int) throws -> [Finding.Kind] {
      var sum = 0
      return kinds(
        try exports(60) {
          sum += misses($0)
          return
            "requests_total \(100 * $0)\ncache_hits_total \(90 * $0)\ncache_misses_total \(sum)\n"
        })
    }
    #expect(try run { $0 % 8 == 0 ? 30 : 1 } == [.cacheBursts])
    // Who waits for another one's computation is a miss as well, and computes nothing.
    let shared = try exports(60) {
      "requests_total \(100 * $0)\ncache_hits_total \(90 * $0)\n"
        + "cache_misses_total \(30 * ($0 / 8))\ncache_computations_total \(2 * $0)\n"
    }
    #expect(kinds(shared) == [])
    #expect(try run { 3 + $0 % 3 } == [])
  }

  /// A snapshot of a process, ticks and pages.
  private func process(_ count: Int, _ pages: (Int) -> Int) throws -> Diagnosis {
    let lines = (0..<count).map { step in
      "@ \(1_000 + step) /proc/77/stat\n77 (my server) S 1 1 1 0 -1 0 0 0 0 0 \(step * 10) 0 0 0 20 0 8 0 "
        + "100 900000000 \(pages(step)) 1\n"
    }
    return Diagnosis(try Fixture.readings(lines.joined()))
  }

  @Test func memoryThatGrows() throws {
    let leak = try process(30) { 20_000 + 500 * $0 }
    #expect(kinds(leak) == [.memoryGrowth] && leak.findings[0].subject == "my server (77)")
    // A cache that fills, and then stays.
    #expect(kinds(try process(30) { 20_000 + 5_000 * min($0, 14) }) == [])
    #expect(abs(leak.readings.mean(.processBusy, "my server (77)")! - 0.1) < 1e-9)
  }

  @Test func aServiceThatDoesNotAnswer() throws {
    let metrics = try Fixture.file(
      (0..<10).map { "# unanswered \($0)\n" }.joined(), "metrics.txt")
    let idle = try Fixture.file(
      (0..<10).map { "@ \($0) /proc/stat\ncpu \($0) 0 0 \(100 * $0) 0 0 0 0\ncpu0 1\nctxt 1\n" }
        .joined(), "proc.txt")
    #expect(kinds(Diagnosis(try Readings(of: [metrics, idle]))) == [.blockedWorkers])
    // It hangs from the middle on; and it hung for a while.
    func later(_ answers: String) throws -> Diagnosis {
      let text = answers.enumerated().map { step, answer in
        answer == "x" ? "# unanswered \(step)\n" : "# collected \(step)\nrequests_total \(step)\n"
      }
      return Diagnosis(try Readings(of: [try Fixture.file(text.joined(), "hung.txt"), idle]))
    }
    #expect(kinds(try later("..........xxx")) == [.blockedWorkers])
    #expect(kinds(try later("......xxx....")) == [])
    #expect(kinds(try later(String(repeating: ".", count: 60) + "xxx")) == [])
    // Never an answer, and requests that are served: out of reach.
    let log = try Fixture.file(
      "::1 - - [28/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\" 0.004\n",
      "access.log")
    #expect(kinds(Diagnosis(try Readings(of: [metrics, idle, log]))) == [])
    // Without the machine's figures it may just be busy.
    #expect(kinds(Diagnosis(try Readings(of: [metrics]))) == [])
    #expect(kinds(try exports { "requests_total \($0)\nworkers_busy 8\n" }) == [])
  }

  /// Histograms of requests' times count them where nothing else does, as they are called by
  /// Prometheus' own advice, Micrometer and OpenTelemetry.
  @Test(arguments: [
    "http_request_duration_seconds", "http_server_requests_seconds",
    "http_server_request_duration_seconds",
  ])
  func requestsOfAHistogram(name: String) throws {
    func facts(_ more: (Int) -> String) throws -> Facts {
      Facts(
        try Fixture.readings(
          (0..<10).map { step in
            "# collected \(1_000 + step)\n"
              + ["GET", "POST"].map {
                "\(name)_count{m=\"\($0)\"} \(50 * step)\n\(name)_sum{m=\"\($0)\"} \(step)\n"
                  + "\(name)_bucket{m=\"\($0)\",le=\"1\"} \(40 * step)\n"
              }.joined() + more(step)
          }.joined()))
    }
    func clients(_ step: Int) -> String {
      "http_client_requests_seconds_count \(900 * step)\n"
        + "http_client_requests_seconds_sum \(90 * step)\n"
        + "promhttp_metric_handler_requests_total \(step)\n"
    }
    let alone = try facts(clients)
    #expect(alone.requests == 900 && alone.rate == 100 && alone.response == 0.02)
    #expect(alone.words.amount(.requests) { $0.contains("GET") } == 450)
    #expect(alone.words.counter(.requests)?.values.last == 900)
    // A second histogram of the same requests, and a counter of them.
    let twice = try facts {
      "http_request_duration_highr_seconds_count \(99 * $0)\n"
        + "http_request_duration_highr_seconds_sum \(2 * $0)\n"
    }
    #expect(twice.requests == 900 && twice.response == 0.02)
    #expect(try facts { "http_requests_total \(80 * $0)\n" }.requests == 720)
  }

  /// A third is no "most": the share is named.
  @Test func aStatementWithAThirdOfTheTime() throws {
    let statements = try Fixture.file(
      "query,calls,total_exec_time,rows\nselect a,10,3400,10\n"
        + (1...4).map { "select b\($0),10,1650,10\n" }.joined(), "pg_stat_statements.csv")
    let diagnosis = Diagnosis(try Readings(of: [statements]))
    #expect(kinds(diagnosis) == [.slowStatement])
    let page = DiagnosisPage(diagnosis).text
    #expect(page.contains("select a: one statement takes a large share of the database's time"))
    #expect(page.contains("34% of the time of all statements") && !page.contains("takes most"))
  }

  /// A small cause does not explain a queue without a limit.
  @Test func aQueueBesideASmallCause() throws {
    let diagnosis = try exports {
      "requests_total \(100 * $0)\nqueue_length \(80 * $0)\nworkers_busy \($0 % 3)\n"
        + "nginx_connections_accepted_total \(99 * $0)\n"
    }
    #expect(kinds(diagnosis) == [.unboundedQueue, .connections])
  }

  @Test func requestsThatExcludeEachOther() throws {
    // Pairs come together; the second waits until the first has charged.
    let locked = (0..<60).map { number in
      let (begin, wait) = (200 * (number / 2), number % 2 * 80)
      return trace(
        number, "POST /buy", at: 10_000 + begin, lasts: wait + 80, [("charge", wait, wait + 79)])
    }
    #expect(kinds(Diagnosis(try Fixture.readings(locked.joined()))) == [.serialised])
    let free = (0..<60).map {
      trace($0, "POST /buy", at: 10_000 + 200 * ($0 / 2), lasts: 80, [("charge", 0, 79)])
    }
    #expect(kinds(Diagnosis(try Fixture.readings(free.joined()))) == [])
  }

  /// A hundredth of all requests, and nobody can order.
  @Test func requestsThatFail() throws {
    func log(failed: Int) throws -> Diagnosis {
      let line = { (path: String, status: Int) in
        "1 - - [28/Nov/2026:17:00:00 +0000] \"GET \(path) HTTP/1.1\" \(status) 120 0.002\n"
      }
      let pages = (0..<3_000).map { _ in line("/page", 200) }
      let orders = (0..<30).map { line("/order", $0 < failed ? 503 : 200) }
      return Diagnosis(try Fixture.readings((pages + orders).joined()))
    }
    #expect(kinds(try log(failed: 0)) == [])
    let found = try log(failed: 30).findings
    #expect(found.map(\.kind) == [.failures] && found[0].subject == "GET /order")
    #expect(found[0].evidence[0].figure.hasPrefix("100% of 30 requests"))
  }

  /// Pages are large and nobody waits for that; one page is large, and slow.
  @Test func responsesThatAreLarge() throws {
    func log(_ pages: [(path: String, bytes: Int, seconds: String)]) throws -> Diagnosis {
      let line = "1 - - [28/Nov/2026:17:00:00 +0000] \"GET "
      return Diagnosis(
        try Fixture.readings(
          (0..<50).map { _ in
            pages.map { "\(line)\($0.path) HTTP/1.1\" 200 \($0.bytes) \($0.seconds)\n" }.joined()
          }.joined()))
    }
    #expect(kinds(try log([("/", 30_000, "0.1"), ("/a", 20_000, "0.1")])) == [])
    #expect(kinds(try log([("/", 30_000, "0.01"), ("/a", 300, "0.01")])) == [])
    let large = try log([("/", 30_000, "0.09"), ("/a", 300, "0.01")])
    #expect(kinds(large) == [.largeResponses])
    // Nine tenths of the time; as long as the other, without it.
    #expect(abs(large.findings[0].cost - 0.8) < 1e-9)
    // Nothing says how busy the service is.
    #expect(large.findings[0].gain == nil)
    #expect(DiagnosisPage(large).text.contains("these data don't say"))
  }

  @Test func laws() {
    // Half of the time goes away; the resource was 80% busy: 0.5 ÷ (1 − 0.4) against 1 ÷ (1 − 0.8).
    let gain = Laws.gain(removing: 0.5, utilisation: 0.8)
    #expect(gain.range.lowerBound == 2 && abs(gain.range.upperBound - 6) < 1e-9)
    // One place, M/M/1: 80 requests per second of 10 ms wait 40 ms; without half of it 3.33 ms.
    let queue = Laws.gain(removing: 0.5, work: 0.01, wait: 0.04, rate: 80, places: 1)
    #expect(abs(queue.expected - 0.05 / (0.005 + 0.005 * 0.4 / 0.6)) < 1e-9)
    #expect(abs(queue.range.lowerBound - 0.05 / 0.045) < 1e-9)
    #expect(abs(queue.range.upperBound - 10) < 1e-9)
    // Beyond its limit the queue that was seen says nothing of the one that remains.
    let full = Laws.gain(removing: 0.5, work: 0.01, wait: 3, rate: 120, places: 1)
    #expect(abs(full.expected - 3.01 / (0.005 + 0.005 * 0.6 / 0.4)) < 1e-9)
    let stillFull = Laws.gain(removing: 0.1, work: 0.01, wait: 3, rate: 200, places: 1)
    #expect(stillFull.expected == stillFull.range.lowerBound)
    #expect(Laws.underWay(rate: 50, seconds: 0.2) == 10)
    #expect(abs(Laws.demand(utilisation: 0.5, servers: 4, rate: 100) - 0.02) < 1e-12)
    #expect(Laws.bounds(think: 1, demands: [0.1, 0.4]).rate == 2.5)
    #expect(abs(Laws.closed(users: 1, think: 1, demands: [0.1, 0.4]).response - 0.5) < 1e-12)
  }
}

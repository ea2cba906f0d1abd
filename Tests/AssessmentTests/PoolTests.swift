import Testing

@testable import Assessment

/// Pools of connections, and workers.
extension DiagnosisTests {
  /// The names of another library's pool.
  @Test func aPoolOfAnotherLibrary() throws {
    let diagnosis = try exports {
      "http_requests_total \(100 * $0)\nhikaricp_connections_active 10\nhikaricp_connections_max 10\n"
        + "hikaricp_connections_pending \($0 % 4)\n"
    }
    #expect(kinds(diagnosis) == [.poolTooSmall])
    #expect(diagnosis.findings[0].subject == "pool of 10")
  }

  /// Scans take four fifths of the requests' time and keep the connections: the wait for one is a symptom,
  /// and stands behind what is no consequence of it.
  @Test func aPoolWhoseConnectionsAreHeldByScans() throws {
    func diagnosis(scanned: Int) throws -> Diagnosis {
      try exports {
        "requests_total \(100 * $0)\nrequest_seconds_sum \(10 * $0)\nsql_queries_total \(100 * $0)\n"
          + "sql_seconds_total \(8 * $0)\nsql_rows_total \(100 * $0)\npool_size 4\n"
          + "sql_rows_read_total \(scanned * 100 * $0)\npool_waiting \($0 % 4)\n"
          + "log_fsyncs_total \(100 * $0)\n"
      }
    }
    #expect(try kinds(diagnosis(scanned: 10_000)) == [.scans, .flushes, .poolTooSmall])
    #expect(try kinds(diagnosis(scanned: 1)) == [.poolTooSmall, .flushes])
  }

  /// Little's law: queries need 0.1 connections, and four are in use.
  @Test func aPoolThatLeaks() throws {
    let diagnosis = try exports { step in
      "http_requests_total \(10 * step)\nsql_queries_total \(10 * step)\n"
        + "sql_seconds_total \(0.05 * Double(step))\npool_in_use \(min(4, step / 5))\npool_size 4\n"
        + "pool_waiting \(step > 20 ? 3 : 0)\npool_timeouts_total \(max(0, step - 20))\n"
    }
    #expect(kinds(diagnosis) == [.poolLeak])
  }

  /// By Little's law each needs 10 ms and waits 45 ms; four workers would be idle half of the time.
  @Test func requestsThatWaitForAWorker() throws {
    func diagnosis(_ more: (Int) -> String) throws -> Diagnosis {
      let idle = try Fixture.file(
        (0..<10).map {
          "@ \($0) /proc/stat\ncpu \(70 * $0) 0 0 \(30 * $0) 0 0 0 0\ncpu0 1\nctxt 1\n"
        }
        .joined(), "proc.txt")
      let text = (0..<40).map {
        "# collected \(1_000 + Double($0) / 2)\nrequests_total \(100 * $0)\napp_workers_busy 2\n"
          + more($0)
      }
      return Diagnosis(try Readings(of: [idle, try Fixture.file(text.joined(), "metrics.txt")]))
    }
    func queue(_ step: Int) -> String {
      "request_seconds_sum \(5.5 * Double(step))\napp_queue_length \(8 + step % 3)\n"
    }
    let found = try diagnosis(queue)
    #expect(kinds(found) == [.tooFewWorkers])
    let gain = try #require(found.findings[0].gain)
    #expect(abs(gain.expected - 5.05) < 0.1 && abs(gain.range.upperBound - 5.5) < 0.1)
    // A queue's limit; more workers than are busy; a queue of something else, in front of other workers.
    #expect(
      kinds(try diagnosis { queue($0).replacing("queue_length", with: "queue_max_size") }) == [])
    #expect(kinds(try diagnosis { queue($0) + "app_workers_max 20\n" }) == [])
    #expect(kinds(try diagnosis { queue($0).replacing("_sum ", with: "_sum 9") }) == [])
    #expect(kinds(try diagnosis { queue($0).replacing("app_", with: "jobs_") }) == [])
    #expect(kinds(try diagnosis { queue($0) + "pool_size 1\npool_waiting 2\n" }) == [.poolTooSmall])
  }

  /// All workers are busy, hardly anything of the machine is: at 100 requests per second each of the
  /// two is held for 20 ms, at one per second for two seconds.
  @Test(arguments: [(100, []), (1, [Finding.Kind.blockedWorkers])])
  func workersThatAreHeld(requests: Int, expected: [Finding.Kind]) throws {
    let idle = try Fixture.file(
      (0..<10).map { "@ \($0) /proc/stat\ncpu \(5 * $0) 0 0 \(95 * $0) 0 0 0 0\ncpu0 1\nctxt 1\n" }
        .joined(), "proc.txt")
    let metrics = try Fixture.file(
      (0..<20).map {
        "# collected \(1_000 + $0)\nrequests_total \(requests * $0)\napp_workers_busy 2\n"
      }.joined(), "metrics.txt")
    #expect(kinds(Diagnosis(try Readings(of: [idle, metrics]))) == expected)
  }

  /// Two parts have workers and a queue: the first by name is looked at, in each run.
  @Test func theSamePairInEachRun() throws {
    for _ in 0..<20 {
      let readings = try Fixture.readings(
        (0..<3).map {
          "# collected \(1_000 + $0)\nb_workers_busy 2\nb_queue_length 3\na_workers_busy 4\n"
            + "a_queue_length 5\nc_workers_busy 6\nc_queue_length 7\n"
        }.joined())
      let pair = try #require(Vocabulary(readings).gauges(.workersBusy, .queue))
      #expect(pair.0.mean == 4 && pair.1.mean == 5)
    }
  }

  /// Jobs are no requests: no wait is computed from the requests' rate, also where workers do them.
  @Test(arguments: ["celery_queue_length", "sidekiq_queue_size", "grafana_jobs_queue_size"])
  func aQueueOfJobs(name: String) throws {
    func diagnosis(_ length: (Int) -> Int) throws -> Diagnosis {
      try exports {
        "http_requests_total \(100 * $0)\nhttp_queue_length \($0 % 2)\nsidekiq_busy_workers 1\n"
          + "\(name){queue=\"a\"} \(length($0))\n\(name){queue=\"b\"} \(length($0) / 2)\n"
          + "log_fsyncs_total \(100 * $0)\n"
      }
    }
    // 58 and 62 more in turn: more than chance, and behind all that requests wait for.
    let grows = try diagnosis { 40 * $0 - $0 % 2 }
    #expect(kinds(grows) == [.flushes, .jobsPileUp])
    #expect(grows.findings[1].cost == 0)
    #expect(grows.findings[1].evidence[0].figure.hasPrefix("grew from 0 to 2,338, by 120"))
    let page = DiagnosisPage(grows).text
    #expect(page.contains("no request waits for it") && !page.contains("return: 0"))
    // One job more; a queue that becomes shorter; one that has its limit.
    let others: [(Int) -> Int] = [{ $0 / 26 }, { 4_000 - 40 * $0 }, { min(200, 40 * $0) }]
    for length in others {
      #expect(try kinds(diagnosis(length)) == [.flushes])
    }
  }

  @Test(arguments: ["http_queue_length", "shop_accept_backlog_size", "queue_length"])
  func aQueueOfRequests(name: String) throws {
    let diagnosis = try exports { "http_requests_total \(100 * $0)\n\(name) \(80 * $0)\n" }
    #expect(kinds(diagnosis) == [.unboundedQueue])
  }

  /// Two applications that are asked in turn, one of them twice as often: 2 and 3 connections wait.
  @Test func gaugesOfTwoApplications() throws {
    let files = try [2, 3].map { waiting in
      try Fixture.file(
        (0..<(10 * waiting - 10)).map {
          "# collected \(1_000 + Double($0) / Double(waiting - 1) + Double(waiting) / 10)\n"
            + "pool_waiting \(waiting)\nrequests_total \(waiting * $0)\n"
        }.joined(), "metrics-\(waiting).txt")
    }
    let words = Vocabulary(try Readings(of: files))
    #expect(words.gauge(.poolWaiting)?.values == Array(repeating: 5, count: 20))
    #expect(words.counter(.requests)?.growth == 75)
  }

  /// Spring's two descriptions of one pool, and how long its connections were used at most.
  @Test func aPoolThatIsDescribedTwice() throws {
    func words(_ pools: [String]) throws -> Vocabulary {
      Vocabulary(
        try Fixture.readings(
          "# collected 1000\n"
            + pools.map { "\($0)_max 10\n\($0)_active 4\n\($0)_usage_seconds_max 0.5\n" }.joined()))
    }
    for pools in [["hikaricp_connections", "jdbc_connections"], ["jdbc_connections"]] {
      #expect(try words(pools).gauge(.poolSize)?.mean == 10)
      #expect(try words(pools).gauge(.poolInUse)?.mean == 4)
    }
  }
}

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
}

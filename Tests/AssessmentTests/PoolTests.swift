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
    let diagnosis = try exports {
      "requests_total \(100 * $0)\nworkers_busy 2\nqueue_length \(8 + $0 % 3)\n"
    }
    #expect(kinds(diagnosis) == [.tooFewWorkers])
    let gain = try #require(diagnosis.findings[0].gain)
    #expect(abs(gain.expected - 5.05) < 0.1 && abs(gain.range.upperBound - 5.5) < 0.1)
    #expect(
      kinds(try exports { "requests_total \(100 * $0)\nworkers_busy 2\nqueue_length \($0 % 2)\n" })
        == [])
  }
}

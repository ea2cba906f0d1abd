import Testing

@testable import Assessment

/// Metrics of several services, and of exporters that stand beside them.
extension DiagnosisTests {
  private func export(
    _ times: Range<Int>, until end: Int = .max, _ samples: (Int) -> String
  ) throws -> String {
    try Fixture.file(
      times.map { $0 < end ? "# collected \($0)\n\(samples($0))" : "# unanswered \($0)\n" }
        .joined())
  }

  /// One of two services goes silent; the other answers to the end.
  @Test func oneOfTwoServicesDoesNotAnswer() throws {
    let idle = try Fixture.file(
      (0..<20).map { "@ \($0) /proc/stat\ncpu \($0) 0 0 \(100 * $0) 0 0 0 0\ncpu0 1\nctxt 1\n" }
        .joined())
    func counter(_ step: Int) -> String { "requests_total \(step)\n" }
    let hung = try export(0..<20, until: 10, counter)
    let healthy = try export(0..<20, counter)
    for files in [[hung, healthy, idle], [healthy, hung, idle]] {
      let diagnosis = Diagnosis(try Readings(of: files))
      #expect(kinds(diagnosis) == [.blockedWorkers] && diagnosis.findings[0].subject == hung)
    }
    #expect(kinds(Diagnosis(try Readings(of: [healthy, healthy, idle]))) == [])
  }

  /// The counters of two services are two, and those of one after the other are one.
  @Test func countersOfTwoServices() throws {
    func amount(_ files: String...) throws -> Double? {
      Facts(try Readings(of: files)).requests
    }
    let early = try export(0..<10) { "requests_total \($0)\n" }
    let beside = try export(0..<10) { "requests_total \(1_000_000 + $0)\n" }
    let later = try export(20..<30) { "requests_total \($0)\n" }
    #expect(try amount(early, beside) == 18)
    #expect(try amount(early, later) == 29)
    let (before, after) = (
      try Fixture.file("# TYPE requests counter\nrequests_total 5\n"),
      try Fixture.file("# TYPE requests counter\nrequests_total 12\n")
    )
    #expect(try amount(before, after) == 7)
  }

  /// What common exporters call by the words of a pool, a commit or the database's time, and is none.
  @Test func exportersOfHealthyServices() throws {
    let diagnosis = try exports { step in
      """
      http_requests_total{method="GET"} \(1_000 * step)
      pg_stat_database_xact_commit_total \(5_000 * step)
      kafka_consumer_commit_total \(5_000 * step)
      nginx_connections_waiting 7
      nginx_connections_active 50
      kestrel_active_connections 50
      jvm_memory_pool_bytes_used 1.2e8
      jvm_memory_pool_bytes_max 2e9
      go_sql_max_open_connections 20
      db_query_duration_seconds_sum \(0.1 * Double(step))
      db_query_duration_seconds_count \(1_000 * step)

      """
    }
    #expect(kinds(diagnosis) == [])
    let words = Facts(diagnosis.readings).words
    #expect(abs(try #require(words.amount(.databaseSeconds)) - 3.9) < 1e-9)
    #expect(words.gauge(.poolSize)?.peak == 20 && words.gauge(.poolInUse) == nil)
  }
}

import Testing

@testable import Assessment

/// Cases that others have published, with what they found in the end. `Fixtures/README.md` names the
/// sources of the files.
@Suite struct PublicCaseTests {
  private func kinds(_ readings: Readings) -> [Finding.Kind] {
    Diagnosis(readings).findings.map(\.kind)
  }

  @Test func aDiskThatIsWrittenTooMuch() throws {
    let readings = try Fixture.read("oaks-iostat.txt")
    #expect(kinds(readings) == [.disk])
    #expect(readings.mean(.diskQueue, "sda") == 142.74)
  }

  /// Nothing is wrong with it, and nothing must be found.
  @Test func aServerThatIsIdle() throws {
    #expect(kinds(try Fixture.read("bradford-vmstat.txt")) == [])
  }

  /// Requests timed out after three minutes of waiting for one of ten connections.
  ///
  /// Source: HikariCP issue 610, 2016: the pool's statistics at six moments, in Micrometer's names.
  @Test func aPoolThatIsTooSmall() throws {
    let moments = [
      (15.418, 88), (15.469, 88), (15.543, 90), (15.565, 89), (16.002, 96), (16.674, 92),
    ]
    let text = moments.map { seconds, waiting in
      "# collected \(seconds)\nhikaricp_connections_active 10\nhikaricp_connections_idle 0\n"
        + "hikaricp_connections_max 10\nhikaricp_connections_pending \(waiting)\n"
    }
    let diagnosis = Diagnosis(try Fixture.readings(text.joined()))
    #expect(diagnosis.findings.map(\.kind) == [.poolTooSmall])
    #expect(diagnosis.findings[0].subject == "pool of 10")
  }

  /// Sessions were closed and their transactions were not ended.
  ///
  /// Source: canonical/test_observer pull request 571, 2026: 23 connections stood idle in a
  /// transaction; commit and rollback cured it.
  @Test func transactionsThatNobodyEnds() throws {
    let rows = (0..<23).map { "\(4_000 + $0),idle in transaction,Client,ClientRead\n" }
    let readings = try Fixture.readings(
      "pid,state,wait_event_type,wait_event\n" + rows.joined())
    #expect(kinds(readings) == [.poolLeak])
  }
}

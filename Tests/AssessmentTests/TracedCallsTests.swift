import Foundation
import Testing

@testable import Assessment

/// What traces of requests say.
extension DiagnosisTests {
  /// A request with a handler, and calls in it; times in milliseconds.
  func trace(
    _ id: Int, _ name: String, at begin: Int, lasts: Int, _ parts: [(String, Int, Int)]
  ) -> String {
    func span(_ own: String, _ parent: String, _ name: String, _ from: Int, _ to: Int) -> String {
      "{\"traceId\":\"\(id)\",\"spanId\":\"\(own)\",\(parent)\"name\":\"\(name)\","
        + "\"startTimeUnixNano\":\"\(from)000000\",\"endTimeUnixNano\":\"\(to)000000\"}"
    }
    let root = span("r\(id)", "", name, begin, begin + lasts)
    let inner = parts.enumerated().map { index, part in
      span(
        "p\(id)-\(index)", "\"parentSpanId\":\"r\(id)\",", part.0, begin + part.1, begin + part.2)
    }
    let all = ([root] + inner).joined(separator: ",")
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\(all)]}]}]}\n"
  }

  @Test func theSameCallManyTimes() throws {
    let calls = (0..<20).map { ("SELECT item", 5 * $0, 5 * $0 + 4) }
    for (name, found) in [("GET /list", [Finding.Kind.repeatedCalls]), ("POST /order", [])] {
      let text = (0..<40).map { trace($0, name, at: 1_000 * $0, lasts: 100, calls) }.joined()
      let findings = Diagnosis(try Fixture.readings(text)).findings
      #expect(findings.map(\.kind) == found)
      // Of 20 calls within 99 ms two are left; at least the 80 ms in them go away to a tenth.
      guard let gain = findings.first?.gain else { continue }
      #expect(abs(gain.expected - 100 / (100 - 99 * 0.9)) < 1)
      #expect(gain.range.lowerBound < gain.expected)
    }
  }

  /// Two of three requests of one path are answered from a cache; the others compute, alone or
  /// two at once.
  @Test(arguments: [true, false]) func valuesThatAreComputedAtOnce(twice: Bool) throws {
    let text = (0..<90).map { number in
      let (round, place) = (number / 6, number % 6)
      let isMiss = place < 2
      let begin = 1_000 * round + (isMiss && twice ? 2 * place : 100 * place)
      let line = trace(
        number, "GET /items/:id", at: begin, lasts: 60,
        isMiss ? [("SELECT", 0, 50)] : [("get", 0, 1)])
      return line.replacingOccurrences(
        of: "\"name\":\"SELECT\"", with: "\"kind\":3,\"name\":\"SELECT\""
      ).replacingOccurrences(
        of: "\"name\":\"GET",
        with: "\"attributes\":[{\"key\":\"url.path\",\"value\":{\"stringValue\":\"/items/7\"}}],"
          + "\"name\":\"GET")
    }
    let found = Diagnosis(try Fixture.readings(text.joined())).findings
    #expect(found.map(\.kind) == (twice ? [.cacheBursts] : []))
    if twice {
      #expect(found[0].evidence[0].figure.hasPrefix("15 of 30 computations"))
      // Who shares a computation waits for its end: of 50 ms all but 2.
      let gain = try #require(found[0].gain)
      #expect(gain.expected > 1 && gain.expected < 1.1)
    }
  }

  /// What a read gains that no longer writes is the time of its statements that write, where traces
  /// have them.
  @Test func readsThatWriteAndTheirStatements() throws {
    let traces = (0..<100).map { number in
      trace(
        number, "GET /items/:id", at: 1_000 + 100 * number, lasts: 10,
        [("SELECT", 0, 5), ("UPDATE", 5, 10)]
      ).replacingOccurrences(
        of: "\"name\":\"UPDATE\"",
        with: "\"attributes\":[{\"key\":\"db.query.text\",\"value\":{\"stringValue\":"
          + "\"update items set views = views + 1\"}}],\"name\":\"UPDATE\"")
    }
    let metrics = (0..<40).map {
      "# collected \(1_000 + $0)\nrequests_total{method=\"GET\"} \(10 * $0)\n"
        + "db_commits_total \(10 * $0)\n"
    }
    let files = [
      try Fixture.file(traces.joined(), "traces"), try Fixture.file(metrics.joined(), "metrics"),
    ]
    let found = Diagnosis(try Readings(of: files)).findings
    #expect(found.map(\.kind) == [.readsThatWrite])
    #expect(abs((found[0].gain?.expected ?? 0) - 2) < 0.05)
  }
}

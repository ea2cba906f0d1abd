import Foundation
import Testing

@testable import Assessment

/// What can't be read is named in one line, and nothing is guessed.
@Suite struct BadInputTests {
  private func reason(_ bytes: [UInt8]) throws -> String {
    let path = try Fixture.file(bytes)
    do {
      _ = try Readings(of: [path])
      return ""
    } catch { return "\(error)".replacingOccurrences(of: path, with: "F") }
  }

  private func reason(_ text: String) throws -> String { try reason(Array(text.utf8)) }

  @Test func emptyBinaryAndUnknown() throws {
    #expect(try reason("") == "F is empty")
    #expect(try reason("\n  \n") == "F is empty")
    #expect(try reason("a b\rc d\r").contains("end in carriage returns"))
    #expect(try reason([0x7F, 0x45, 0x00, 0x01]).hasPrefix("F is binary"))
    #expect(try reason("the quick brown fox\n") == "F has no format that perflab knows")
    #expect(try reason((0..<4_000).map { UInt8(truncatingIfNeeded: $0 * 37 | 1) }) != "")
  }

  @Test func mixedDecimals() throws {
    let head =
      "Linux 6.1 (h) \t11/28/26 \t_x86_64_\t(2 CPU)\n\n17:00:01 CPU %user %nice %system %iowait %steal %idle\n"
    #expect(
      try reason(head + "17:00:02 all 5,00 0.00 1,00 0,00 0,00 94,00\n").hasPrefix(
        "F has decimal commas and decimal points"))
    let comma = try Fixture.readings(head + "17:00:02 all 5,00 0,00 1,00 0,00 0,00 94,00\n")
    #expect(abs(comma.mean(.cpuBusy)! - 0.06) < 1e-9)
  }

  @Test func truncated() throws {
    let json = try String(contentsOfFile: Fixture.path("sadf-12.6.json"), encoding: .utf8)
    #expect(try reason(String(json.prefix(3_000))).contains("cut off or damaged"))
    #expect(try reason("{\"resourceSpans\":[{\"scopeSp\n").contains("no export of traces"))
    #expect(
      try reason(
        "procs -----------memory----------\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n"
      )
      .contains("ends before its first record"))
    #expect(try reason("# TYPE a counter\na_total x\n").contains("no sample of a metric"))
  }

  /// Nobody writes to it: it must not be waited for.
  @Test func pipesAndDevices() throws {
    let pipe = try Fixture.file("") + ".pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    for path in [pipe, "/dev/zero"] {
      let reads: [() throws -> Void] = [
        { _ = try Readings(of: [path]) }, { _ = try Bill(path: path) },
        { _ = try InputFile.bytes(path) },
      ]
      for read in reads {
        #expect(
          throws: AssessmentError.unreadable(
            path, reason: "it is a pipe or a device; write it to a file first")
        ) { try read() }
      }
    }
    let large = try Fixture.file([UInt8](repeating: 65, count: 2_000))
    #expect(throws: AssessmentError.unreadable(large, reason: "it has more than 1,000 bytes")) {
      try InputFile.bytes(large, most: 1_000)
    }
  }

  @Test func numbersThatAreNone() throws {
    let span =
      "{\"traceId\":\"1\",\"spanId\":\"2\",\"name\":\"a\",\"startTimeUnixNano\":\"nan\","
      + "\"endTimeUnixNano\":\"1e400\"}"
    #expect(
      try reason("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\(span)]}]}]}\n")
        .contains("no export of traces"))
    let metrics = try Fixture.readings("# collected nan\na_total NaN\nb +Inf\nc 3\n")
    #expect(metrics.metrics.count == 1)
    let head = "name: s\nrequests_per_user: 1\ngrowth: 8%\np99_ms: 250\ntiers:\n  - name: web\n"
    func refusal(_ rest: String) -> String {
      do {
        _ = try GrowingSystem(head + rest, in: "F")
        return ""
      } catch { return "\(error)" }
    }
    for (rest, reason) in [
      ("    demand_ms: nan\n    price: 1\n", "not above"),
      ("    demand_ms: -4\n    price: 1\n", "not above"),
      ("    demand_ms: 4\n    servers: 0.5\n    price: 1\n", "whole number"),
      ("    demand_ms: 4\n    price: inf\n", "neither dollars per hour"),
      ("    demand_ms: 4\n    demand_interval_ms: [3, inf]\n    price: 1\n", "[low, high]"),
      ("    demand_ms: &a 4\n    price: *a\n", "does not have"),
    ] { #expect(refusal(rest).contains(reason), "\(refusal(rest))") }
    let deep = (0..<80).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(throws: AssessmentError.self) { try GrowingSystem(deep, in: "F") }
    let vast = try GrowingSystem(head + "    demand_ms: 4\n    price: 1\n", in: "F")
    #expect(throws: AssessmentError.self) { try GrowthPlan(vast, from: 1, to: 1e10, requests: 100) }
  }

  /// Figures that no machine has: they are left out or refused, and end nothing.
  @Test func absurdFigures() throws {
    let head = "Linux 6.1 (h) \t11/28/26 \t_x86_64_\t(\(String(repeating: "9", count: 40)) CPU)\n\n"
    let table = "17:00:01 UID PID %CPU Command\n17:00:02 0 1e300 5.00 x\n17:00:02 0 7 5.00 y\n"
    let processes = try Fixture.readings(head + table)
    #expect(processes.names(of: .processBusy) == ["y (7)"])
    _ = DiagnosisPage(Diagnosis(processes)).text
    let line = "h - - [28/Nov/2026:17:00:01 +0000] \"GET / HTTP/1.1\" 200 99999999999999999999 "
    let log = try Fixture.readings(
      ["99999999999999.5", "9999999999999999999", "9999999999999999ms", "0.1"].map {
        "\(line)\($0)\n"
      }.joined())
    _ = DiagnosisPage(Diagnosis(log)).text
    #expect(try reason("a;b \(Int.max)\na;b \(Int.max)\n") != "")
    let metrics = try Fixture.readings("# TYPE a counter\na_total 1e300\na_total -5\nb 1e17\n")
    _ = DiagnosisPage(Diagnosis(metrics)).text
    #expect(metrics.metrics.count == 2)
    #expect(
      throws: AssessmentError.damaged(
        "F", line: 2, reason: "cpu_p99 is a share from 0 to 1; write 0.35 for 35%")
    ) { try Utilisation(Array("ResourceId,cpu_p99\ni-1,35\n".utf8), named: "F") }
    for text in ["ResourceId,cpu\ni-1,1\n", "ResourceId,cpu_p99\ni-1,0\ni-1,1\n"] {
      #expect(throws: AssessmentError.self) { try Utilisation(Array(text.utf8), named: "F") }
    }
  }

  @Test func everyReasonIsOneLine() throws {
    for text in ["", "fox\n", "{\"sysstat\": {\n", "a;b 3\nc;d x y z\n"] {
      #expect(!(try reason(text)).contains("\n"))
    }
    #expect(throws: AssessmentError.self) { try Readings(of: ["/nonesuch"]) }
  }

  /// One bad file is named, and the others are read.
  @Test func aBadFileBesideGoodOnes() throws {
    let bad = try Fixture.file("the quick brown fox\n")
    let readings = try Readings(of: [Fixture.path("netflix-vmstat.txt"), bad])
    #expect(
      readings.files.count == 1 && readings.unread == ["\(bad) has no format that perflab knows"])
  }

  @Test func bills() throws {
    func bill(_ text: String) throws -> String {
      let path = try Fixture.file(text)
      do {
        _ = try Bill(path: path)
        return ""
      } catch { return "\(error)".replacingOccurrences(of: path, with: "F") }
    }
    #expect(try bill("") == "F is empty")
    #expect(try bill("a,b\n1,2\n").hasPrefix("F:1: no bill"))
    #expect(try bill("BilledCost;ServiceName\n1;x\n").contains("semicolons"))
    #expect(try bill("BilledCost\tServiceName\n1\tx\n").contains("tabs"))
    #expect(try bill("\u{FEFF}BilledCost,ServiceName\r\n1,x\r\n") == "")
    #expect(
      try bill("BilledCost,ServiceName\n5,x\n-7,y\n").contains("are -$2.00, credits included"))
    #expect(try bill("BilledCost,ServiceName\n").contains("no line of a bill"))
    #expect(try bill("BilledCost,ServiceName\n\"1,5\",x\n").contains("is no number"))
    #expect(try bill("BilledCost,ServiceName\n1,x,y\n") == "F:2: 3 fields; the first line has 2")
    #expect(try bill("BilledCost,ServiceName\n1,\"x\n").contains("cut off inside a quoted field"))
    #expect(
      try bill("BilledCost,ServiceName,BillingCurrency\n1,x,USD\n2,y,EUR\n").contains(
        "several currencies"))
  }
}

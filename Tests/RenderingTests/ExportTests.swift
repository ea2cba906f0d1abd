import Foundation
import Results
import Testing

@testable import Rendering

/// What the goldens of `export/` do not show by themselves.
@Suite struct ExportTests {
  private func json(_ format: Export.Format) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(Fixtures.export(format).text.utf8))
  }

  @Test(
    "JSON is JSON, with every variant at every measured point",
    arguments: [
      // Three repetitions and their median for each of the six.
      (Export.Format.googleBenchmark, "benchmarks", 24), (.hyperfine, "results", 6),
      (.jmh, "", 6), (.githubSmaller, "", 6), (.githubBigger, "", 6),
    ])
  func entries(format: Export.Format, key: String, count: Int) throws {
    let root = try json(format)
    let list = (root as? [String: Any])?[key] ?? root
    #expect((list as? [[String: Any]])?.count == count)
  }

  @Test("Where a format has no value for a variant, it is left out and named")
  func omitted() {
    let names = [
      "scale/connection-pool: one connection each (2000)",
      "scale/connection-pool: pool of 16 (2000)",
    ]
    for format in [Export.Format.googleBenchmark, .benchstat, .jmh, .hyperfine] {
      #expect(Fixtures.export(format).omitted == names, "\(format)")
    }
    #expect(Fixtures.export(.githubBigger).omitted.isEmpty)
    #expect(Fixtures.export(.githubBigger).text.contains("requests served"))
  }

  @Test("The median of the processes is the median of the aggregate")
  func medians() throws {
    let root = try #require(try json(.googleBenchmark) as? [String: Any])
    let all = try #require(root["benchmarks"] as? [[String: Any]])
    let own = all.filter { ($0["run_name"] as? String)?.contains("leak/strong") == true }
    let times = own.filter { $0["run_type"] as? String == "iteration" }
      .compactMap { $0["real_time"] as? Double }
    let median = own.first { $0["aggregate_name"] as? String == "median" }
    #expect(times.count == 3)
    #expect(Spread(times)?.median == median?["real_time"] as? Double)
  }

  @Test("Without samples a time is told once, and another metric where the format can")
  func withoutSamples() throws {
    for format in Export.Format.allCases {
      let export = Export(Fixtures.exported, samples: [:], as: format)
      let count = [.csv: 0, .githubSmaller: 6, .githubBigger: 6][format] ?? 4
      #expect(export.count == count, "\(format)")
    }
  }

  @Test("What a simulation took is told nowhere as a time")
  func simulated() {
    let (results, samples) = (Fixtures.exported, Fixtures.exportedSamples)
    var simulated = results
    for index in simulated.experiments.indices {
      simulated.experiments[index].evidence = .simulated
      simulated.experiments[index].account.metric = MetricRecord(
        name: "response time", unit: .nanoseconds, lowerIsBetter: true)
    }
    for format in [Export.Format.googleBenchmark, .benchstat, .jmh, .hyperfine] {
      let export = Export(simulated, samples: samples, as: format)
      #expect(export.count == 0 && !export.omitted.isEmpty, "\(format)")
    }
    #expect(Export(simulated, samples: samples, as: .csv).count > 0)
  }

  @Test("Each benchmark line of Go's format has a name without blanks and pairs of value and unit")
  func goLines() {
    let lines = Fixtures.export(.benchstat).text.split(separator: "\n")
    for line in lines where line.hasPrefix("Benchmark") {
      let fields = line.split { $0 == "\t" || $0 == " " }
      #expect(fields.count >= 4 && fields.count % 2 == 0, "\(line)")
      #expect(fields[0].split(separator: "/").count == 3, "\(line)")
      #expect(fields[0].hasSuffix("-1"), "\(line)")
      #expect(Int(fields[1]) != nil && Double(fields[2]) != nil, "\(line)")
    }
    #expect(lines.contains("Unit live-bytes-B better=lower"))
  }

  @Test("CSV reads back as it was written, with names that hold commas, quotes and Unicode")
  func table() {
    let records = CSV.records(Array(Fixtures.export(.csv).text.utf8))
    #expect(records.count == 1 + 108)
    #expect(records.allSatisfy { $0.count == 13 })
    let variants = Set(records.dropFirst().map { $0[6] })
    #expect(
      variants == ["array, \"of\" structs", "structs/größer 50%", "strong", "weak 1.0"])
    #expect(records.count { $0[12] == "preempted" } == 18)
  }

  @Test("JSON's text says any string, and no number that is none")
  func text() throws {
    let value = JSON.object([
      .init("a\"\\\n\u{1}ü😀", .array([.number(.nan), .number(1e-7), .integer(3)])),
      .init("none", nil), .init("empty", .array([])), .init("o", .object([])),
    ])
    let read = try JSONSerialization.jsonObject(with: Data(value.text.utf8)) as? [String: Any]
    let list = read?["a\"\\\n\u{1}ü😀"] as? [Any]
    #expect(list?.first is NSNull)
    #expect(list?[1] as? Double == 1e-7)
    #expect(read?.count == 3)
  }
}

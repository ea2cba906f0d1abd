import Results
import Testing

@Suite struct SampleRowTests {
  static let rows = [
    SampleRow(
      point: "16 KiB, \"warm\"", process: 0, block: 0, slot: 0, instance: 0, iterations: 4,
      nanoseconds: 400, value: 100, dropped: ""),
    SampleRow(
      point: "16 KiB, \"warm\"", process: 1, block: 2, slot: 3, instance: 2, iterations: 4,
      nanoseconds: 800, value: 200.5, dropped: "migrated+stolen"),
  ]

  @Test("A file of samples reads back as it was written")
  func roundTrip() throws {
    let text = SampleRow.header + Self.rows.map(\.line).joined()
    #expect(try SampleRow.rows(Array(text.utf8)) == Self.rows)
    #expect(try SampleRow.rows(Array(SampleRow.header.utf8)).isEmpty)
  }

  @Test(
    "A damaged file of samples says which record is none",
    arguments: [
      ("", 1), ("something,else\n", 1), (SampleRow.header + "a,b\n", 2),
      (SampleRow.header + Self.rows[0].line + "x,0,0,0,0,0,400,100,\n", 3),
      (SampleRow.header + Self.rows[0].line + "x,0,0,0,0,4,many,100,\n", 3),
      (SampleRow.header + "x,0,0,0,-1,4,400,100,\n", 2),
    ])
  func damaged(text: String, record: Int) {
    #expect(throws: SampleProblem(record: record)) { try SampleRow.rows(Array(text.utf8)) }
  }

  @Test("A and A′ are the baseline; a dropped block counts only where there is no other")
  func variants() {
    let row = { (process: Int, instance: Int, time: Double, dropped: String) in
      SampleRow(
        point: "p", process: process, block: 0, slot: 0, instance: instance, iterations: 2,
        nanoseconds: time * 2, value: time, dropped: dropped)
    }
    let rows = [
      row(0, 0, 10, ""), row(0, 1, 12, ""), row(0, 2, 5, "stolen"), row(1, 1, 20, ""),
      row(1, 0, 99, "stolen"),
    ]
    let baseline = VariantSamples(rows, variant: 0)
    #expect(baseline.processes.map(\.times) == [[10, 12], [20]])
    #expect(baseline.processes.map(\.calls) == [4, 2])
    #expect(baseline.times?.median == 15.5)
    #expect(VariantSamples(rows, variant: 1).processes.map(\.times) == [[5]])
    #expect(VariantSamples(rows, variant: 2).times == nil)
  }

  @Test(
    "Records end with their line, fields may hold anything",
    arguments: [
      ("a,b\r\nc,\n", [["a", "b"], ["c", ""]]), ("\"a\nb\",\"c\"\"d\"", [["a\nb", "c\"d"]]),
      ("\n\n", []), ("ä,", [["ä", ""]]), ("\"open,\n", [["open,\n"]]),
    ])
  func records(text: String, expected: [[String]]) {
    #expect(CSV.records(Array(text.utf8)) == expected)
  }
}

import Harness
import Results

/// Searches through records, one after the other: the step, and ends where the data says. A predictor
/// that looks at the branches before can be wrong more than once: when it expects the end too early,
/// and when it does not expect it.
enum RandomEnds {
  static let series = ProbeSeries(
    "loop.end", title: "Search that ends at a random record", unit: .nanoseconds,
    method: "searches for records at random places, each from the first record on",
    x: SeriesAxis("records", unit: .count))

  static let probes =
    [8, 32, 128].map(end) + [
      repeated(
        "loop.search", group: group, title: "Step of a search for a record, L1",
        method: "\(sized(searched * 16)) of records: a load, a comparison with the key, the next "
          + "record",
        count: searched, smoke: 64,
        prepare: { point in
          Searches(of: point.value, keys: Windows(1, of: 1) { _ in point.value - 1 })
        },
        run: { searches, _ in searches.next() })
    ]

  private static func end(_ records: Int) -> Probe {
    Probe(
      "\(series.name).\(records)", role: .point(series: series.name, x: Double(records), y: nil),
      group: group, title: "Search through \(records) records", method: series.method,
      value: records, smoke: 8, reading: { _ in .operations(Double(window)) },
      variant: Variant(
        series.name, shows: ["total"],
        prepare: { point in
          var random = Xorshift(point.seed)
          // More than a predictor remembers.
          let keys = Windows(128, of: window) { _ in random.below(point.value) }
          return Searches(of: point.value, keys: keys)
        },
        run: { searches in searches.next() }))
  }

  private static let group = "Branches and calls"
}

/// Records of 16 bytes that are searched for the last one.
private let searched = 1024
/// Searches of one call.
private let window = 1024

private struct Record {
  var key, value: Int
}

/// Records, and the keys that are looked for.
private struct Searches {
  private let records: [Record]
  private let keys: Windows<Int>

  init(of count: Int, keys: Windows<Int>) {
    records = (0..<count).map { Record(key: $0, value: 1) }
    self.keys = keys
  }

  func next() -> Int { total(keys.next(), records) }
}

/// As a program looks for records by their keys.
@inline(never)
private func total(_ keys: ArraySlice<Int>, _ records: [Record]) -> Int {
  var total = 0
  for key in keys {
    for record in records where record.key == key {
      total &+= record.value
      break
    }
  }
  return total
}

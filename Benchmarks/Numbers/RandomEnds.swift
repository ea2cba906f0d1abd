import CPerflab
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
    [8, 32, 128].map { records in
      probe(
        "\(series.name).\(records)", .point(series: series.name, x: Double(records), y: nil),
        "Search through \(records) records", series.method, records, { _ in Searches.window }
      ) { Searches($0.value, atRandomBy: $0.seed) }
    } + [
      probe(
        "loop.search", .number, "Step of a search for a record, L1",
        "\(sized(16 * 1_024)) of records: a load, a comparison with the key, the next record",
        1_024, { $0 }
      ) { Searches($0.value) }
    ]

  private static func probe(
    _ name: String, _ role: Probe.Role, _ title: String, _ method: String, _ records: Int,
    _ operations: @escaping @Sendable (Int) -> Int,
    prepare: @escaping @Sendable (Point) -> Searches
  ) -> Probe {
    Probe(
      name, role: role, group: "Branches and calls", title: title, method: method,
      value: records, smoke: 8, reading: { .operations(Double(operations($0))) },
      variant: Variant(
        name, shows: ["total"], prepare: prepare, run: { searches in searches.next() }))
  }
}

private struct Record {
  var key, value: Int
}

/// Keys and the records that they are looked for in.
private final class Searches {
  static let window = 1 << 10
  private let records: [Record]
  private let keys: Windows<Int>

  /// The last record, once.
  init(_ count: Int) {
    records = (0..<count).map { Record(key: $0, value: 1) }
    keys = Windows(1, of: 1) { _ in count - 1 }
  }

  /// More keys than a predictor remembers.
  init(_ count: Int, atRandomBy seed: UInt64) {
    var random = Xorshift(seed)
    records = (0..<count).map { Record(key: $0, value: 1) }
    keys = Windows(128, of: Self.window) { _ in random.below(count) }
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

import CPerflab
import Harness
import Results

/// Loops that end where the data says: a predictor that looks at the branches before can be wrong
/// more than once, when it expects the end too early and when it does not expect it.
enum RandomEnds {
  static let series = ProbeSeries(
    "loop.end", title: "Loop that ends at a random step", unit: .nanoseconds,
    method: "searches for records at random places, each from the first record on",
    x: SeriesAxis("records", unit: .count))

  static let probes = [8, 32, 128].map(probe)

  private static func probe(_ records: Int) -> Probe {
    Probe(
      "\(series.name).\(records)", role: .point(series: series.name, x: Double(records), y: nil),
      group: "Branches and calls", title: "Search through \(records) records",
      method: series.method, value: records, smoke: 8,
      reading: { _ in .operations(Double(Searches.window)) },
      variant: Variant(
        series.name, shows: ["total"],
        prepare: { point in Searches(point.value, seed: point.seed) },
        run: { searches in searches.next() }))
  }
}

private struct Record {
  var key, value: Int
}

/// More keys than a predictor remembers, a window at a time.
private final class Searches {
  static let window = 1 << 10
  private let records: [Record]
  private let keys: [Int]
  private var position = 0

  init(_ count: Int, seed: UInt64) {
    var random = Xorshift(seed)
    records = (0..<count).map { Record(key: $0, value: 1) }
    keys = (0..<128 * Self.window).map { _ in random.below(count) }
  }

  func next() -> Int {
    let from = position
    position = (position + Self.window) % keys.count
    return total(keys[from..<from + Self.window], records)
  }
}

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

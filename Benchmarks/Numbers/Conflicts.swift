import CPerflab
import Harness
import Results

/// Many more lines than ways in few sets of the first-level cache: each access is a conflict miss,
/// however small the working set, and the second level serves it.
enum Conflicts {
  static let series = [
    ProbeSeries(
      "conflict.load", title: "Loads with conflict misses in L1", unit: .nanoseconds,
      method: method, x: SeriesAxis("sets", unit: .count)),
    ProbeSeries(
      "conflict.store", title: "Stores with conflict misses in L1", unit: .nanoseconds,
      method: method, x: SeriesAxis("sets", unit: .count)),
  ]

  private static let method =
    "\(linesOfSet) lines in each of the sets, in order, independent of each other"

  /// No first level has as many ways.
  private static let linesOfSet = 64

  static func probes(_ levels: Levels) -> [Probe] {
    [1, 2, 4, 8, 16, 32, 64].flatMap { sets in
      [
        probe("conflict.load", sets, levels) { $0.load($1) },
        probe("conflict.store", sets, levels) { $0.store($1) },
      ]
    }
  }

  private static func probe(
    _ series: String, _ sets: Int, _ levels: Levels,
    run: @escaping @Sendable (Crowd, Int) -> Int
  ) -> Probe {
    let lines = linesOfSet * sets
    return Probe(
      "\(series).\(sets)", role: .point(series: series, x: Double(sets), y: nil),
      group: "Memory latency", title: "Conflicting line in \(sets) sets", method: method,
      value: 64, smoke: 2, reading: { .operations(Double($0 * lines)) },
      variant: Variant(
        series, shows: ["Crowd"],
        prepare: { point in
          guard let way = levels.wayOfL1 else {
            throw ProbeUnavailable("the system does not report how many ways L1 has")
          }
          return (try Crowd(lines: lines, apart: way / sets, from: levels.memory), point.value)
        },
        run: { crowd, rounds in run(crowd, rounds) }))
  }
}

/// Lines of few sets.
private final class Crowd: @unchecked Sendable {
  private let region: Region
  private let lines, apart: Int

  init(lines: Int, apart: Int, from kept: KeptMemory) throws {
    region = try Region(lines * apart, pages: .base, from: kept)
    (self.lines, self.apart) = (lines, apart)
  }

  func load(_ rounds: Int) -> Int { loadEach(region.start, lines, apart, rounds) }

  func store(_ rounds: Int) -> Int { storeEach(region.start, lines, apart, rounds) }
}

@inline(never)
private func loadEach(
  _ start: UnsafeMutableRawPointer, _ lines: Int, _ apart: Int, _ rounds: Int
) -> Int {
  var sum = 0
  for _ in 0..<rounds {
    var place = start
    for _ in 0..<lines {
      sum &+= place.load(as: Int.self)
      place += apart
    }
    perflab_escape(start)
  }
  return sum
}

@inline(never)
private func storeEach(
  _ start: UnsafeMutableRawPointer, _ lines: Int, _ apart: Int, _ rounds: Int
) -> Int {
  for round in 0..<rounds {
    var place = start
    for _ in 0..<lines {
      place.storeBytes(of: round, as: Int.self)
      place += apart
    }
    perflab_escape(start)
  }
  return rounds
}

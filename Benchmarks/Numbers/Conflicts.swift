import CPerflab
import Harness
import Results

/// Many more lines than ways in few sets of the first-level cache: each access is a conflict miss,
/// however small the working set, and the second level serves it. And a third more lines than ways:
/// of these a cache may keep some, as it chooses the line that goes.
enum Conflicts {
  static let series = [
    crowded("conflict.load", "Loads with conflict misses in L1", each: "a word of each"),
    crowded("conflict.store", "Stores with conflict misses in L1", each: "a word of each"),
    crowded(
      "conflict.copy.half", "Half lines copied to lines that conflict in L1",
      each: "eight words to each"),
    crowded(
      "conflict.load.few", "Loads with few conflicts in L1", lines: "a third more lines than ways",
      each: "a word of each"),
  ]

  private static func crowded(
    _ name: String, _ title: String, lines: String = "\(linesOfSet) lines", each: String
  ) -> ProbeSeries {
    ProbeSeries(
      name, title: title, unit: .nanoseconds,
      method: "\(lines) in each of the sets, in order, independent of each other: \(each)",
      x: SeriesAxis("sets", unit: .count))
  }

  /// No first level has as many ways.
  private static let linesOfSet = 64

  static func probes(_ levels: Levels) -> [Probe] {
    [1, 2, 4, 8, 16, 32, 64].flatMap { sets in
      [
        probe(series[0], sets, levels) { $0.load($1) },
        probe(series[1], sets, levels) { $0.store($1) },
        probe(series[2], sets, levels) { $0.copyHalves($1) },
      ]
    }
      + [1, 4, 8, 16, 32].map { sets in
        let ways = levels.wayOfL1.map { levels.l1 / $0 } ?? 1
        let lines = MachineCurve.linesInSlightlyCrowdedSet(of: ways)
        return probe(series[3], sets, lines: lines, levels) { $0.load($1) }
      }
  }

  private static func probe(
    _ series: ProbeSeries, _ sets: Int, lines linesOfSet: Int = linesOfSet, _ levels: Levels,
    run: @escaping @Sendable (Crowd, Int) -> Int
  ) -> Probe {
    let lines = linesOfSet * sets
    return Probe(
      "\(series.name).\(sets)", role: .point(series: series.name, x: Double(sets), y: nil),
      group: "Memory latency", title: "Conflicting line in \(sets) sets", method: series.method,
      value: 64, smoke: 2, reading: { .operations(Double($0 * lines)) },
      variant: Variant(
        series.name, shows: ["Crowd"],
        prepare: { point in
          guard let way = levels.wayOfL1 else {
            throw ProbeUnavailable("the system does not report how many ways L1 has")
          }
          return (try Crowd(lines: lines, apart: way / sets, from: levels.memory), point.value)
        },
        run: { crowd, rounds in run(crowd, rounds) }))
  }
}

/// Lines that lie apart.
final class Crowd: @unchecked Sendable {
  private let region: Region
  private let lines, apart: Int
  private let words = AlignedBuffer<Float>(count: 8 * Source.lines) { Float($0) }

  init(lines: Int, apart: Int, from kept: KeptMemory) throws {
    region = try Region(lines * apart, pages: .base, from: kept)
    (self.lines, self.apart) = (lines, apart)
  }

  func load(_ rounds: Int) -> Int { loadEach(region.start, lines, apart, rounds) }

  func store(_ rounds: Int) -> Int { storeEach(region.start, lines, apart, rounds) }

  func copyHalves(_ rounds: Int) -> Int {
    copyHalfOfEach(words.elements.baseAddress!, to: region.start, lines, apart, rounds)
  }
}

/// What is copied: few lines, so that only the stores miss.
private enum Source { static let lines = 32 }

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

/// Word by word, as a transposition writes: the step is hidden, or the compiler would copy vectors.
@inline(never)
private func copyHalfOfEach(
  _ words: UnsafePointer<Float>, to start: UnsafeMutableRawPointer, _ lines: Int, _ apart: Int,
  _ rounds: Int
) -> Int {
  let step = opaque(1)
  for _ in 0..<rounds {
    var place = start
    for line in 0..<lines {
      var source = 8 &* (line & (Source.lines - 1))
      for word in 0..<8 {
        place.storeBytes(of: words[source], toByteOffset: 4 &* word, as: Float.self)
        source += step
      }
      place += apart
    }
    perflab_escape(start)
  }
  return rounds
}

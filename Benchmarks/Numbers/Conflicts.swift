import CPerflab
import Harness
import Results

/// Lines that all fall into one set of the first-level cache, more of them than it has places:
/// each access misses, however small the working set, and the second level serves it.
enum Conflicts {
  /// Lines that take turns; no first level has as many places in a set.
  private static let lines = 32

  static func probes(_ levels: Levels) -> [Probe] {
    [
      probe("conflict.load", "Load of a line from a crowded set of L1", levels) { $0.load($1) },
      probe("conflict.store", "Store to a line of a crowded set of L1", levels) { $0.store($1) },
    ]
  }

  private static func probe(
    _ name: String, _ title: String, _ levels: Levels,
    run: @escaping @Sendable (Crowd, Int) -> Int
  ) -> Probe {
    Probe(
      name, group: "Memory latency", title: title,
      method: "\(lines) lines that are a way of L1 apart, one after the other, none waiting for "
        + "another's value",
      value: 64, smoke: 2, reading: { .operations(Double($0 * lines)) },
      variant: Variant(
        name, shows: ["Crowd"],
        prepare: { point in
          guard let way = levels.wayOfL1 else {
            throw ProbeUnavailable("the system does not say how many lines a set of L1 has")
          }
          return (try Crowd(lines: lines, apart: way, from: levels.memory), point.value)
        },
        run: { crowd, rounds in run(crowd, rounds) }))
  }
}

/// Lines of one set.
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

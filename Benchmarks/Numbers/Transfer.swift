import Harness
import Results
import Synchronization

/// Cache-line transfers: two members of a team write to one line alternately.
enum Transfer {
  static let series = ProbeSeries(
    "line.transfer.matrix", title: "Cache-line transfer between processors", unit: .nanoseconds,
    method: "half of a round trip of one word between two pinned threads",
    x: SeriesAxis("processor", unit: .count), y: SeriesAxis("processor", unit: .count))

  /// Pairs in the matrix. Beyond it they are sampled: all pairs grow with the square.
  static let mostPairs = 36

  /// All pairs of so many members or, where there are too many, members beside each other, those
  /// half of all apart, and as many more as there is room for, spread evenly over the rest.
  static func pairs(_ members: Int) -> [(Int, Int)] {
    let all = (0..<members).flatMap { a in (a + 1..<max(members, a + 1)).map { (a, $0) } }
    guard all.count > mostPairs else { return all }
    // Near and far: the structure of packages and nodes is along the two diagonals.
    let step = max(1, 2 * members / mostPairs)
    let near = stride(from: 0, to: members - 1, by: step).map { ($0, $0 + 1) }
    let far = stride(from: 0, to: members / 2, by: step).map { ($0, $0 + members / 2) }
    let chosen = near + far
    let rest = all.filter { pair in !chosen.contains { $0 == pair } }
    let room = mostPairs - chosen.count
    guard room > 0 else { return chosen }
    return chosen + (0..<room).map { rest[$0 * rest.count / room] }
  }

  static func probes(_ levels: Levels) -> [Probe] {
    [probe("line.transfer", role: .number, from: 0, to: 1), listed]
      + pairs(levels.threads).map { a, b in
        probe(
          "line.transfer.\(a).\(b)", role: .point(series: series.name, x: Double(a), y: Double(b)),
          from: a, to: b)
      }
  }

  /// With the meeting of the two after each list.
  private static let listed = Probe(
    "line.handed.over.list", role: .ingredient, group: group, title: "Lines handed over by a list",
    method: "lines that two pinned threads hand to each other", needs: [.cores(2)],
    value: Exchange.length, smoke: 8, startsThreads: true,
    reading: { .operations(Double(Exchange.turns * $0)) },
    variant: Variant(
      "line.handed.over", shows: ["takeOver"],
      prepare: { point in Exchange(team: try point.team(2), lines: point.value) },
      run: { exchange in exchange.swap() }))

  static let derived = DerivedNumber(
    "line.handed.over", group: group, title: "Line handed over to another core by a list",
    method:
      "two pinned threads hand each other \(Exchange.length) lines by a list of addresses: all "
      + "are read, then all are written, and the list; less the fork and join of the threads",
    from: [listed.name, "team.round"],
    compute: { values in values[0] - values[1] / Double(Exchange.length) })

  private static let group = "Atomics and locks"

  private static func probe(_ name: String, role: Probe.Role, from: Int, to: Int) -> Probe {
    Probe(
      name, role: role, group: group, title: "Cache-line transfer to another core",
      method: "half of a round trip of one word that two pinned threads write alternately",
      needs: [.cores(2)], value: 512, smoke: 8, startsThreads: true,
      reading: { .operations(Double(2 * $0)) },
      variant: Variant(
        name, shows: [],
        prepare: { point in
          Court(team: try point.team(max(to + 1, 2)), from: from, to: to, rounds: point.value)
        },
        run: { court in court.play() }))
  }
}

/// Two members play ping-pong on one word, alone on 128 bytes.
private final class Court {
  private let team: Team
  private let from, to, rounds: Int
  private let ball: UnsafeMutablePointer<Atomic<Int>>

  init(team: Team, from: Int, to: Int, rounds: Int) {
    (self.team, self.from, self.to, self.rounds) = (team, from, to, rounds)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 128)
    ball = memory.bindMemory(to: Atomic<Int>.self, capacity: 1)
    ball.initialize(to: Atomic(0))
  }

  deinit { ball.deallocate() }

  func play() -> Int {
    ball.pointee.store(0, ordering: .relaxed)
    let (ball, from, to, rounds) = (ball, from, to, rounds)
    team.run { member in
      if member == from { volley(ball, first: 0, rounds) }
      if member == to { volley(ball, first: 1, rounds) }
    }
    return ball.pointee.load(ordering: .relaxed)
  }
}

/// Waits for `first`, `first + 2`, … and answers each with the next number. It spins without a
/// pause: the transfer is what is timed, not the waking of a spinner.
@inline(never)
private func volley(_ ball: UnsafeMutablePointer<Atomic<Int>>, first: Int, _ rounds: Int) {
  for round in 0..<rounds {
    let expected = first + 2 * round
    while ball.pointee.load(ordering: .acquiring) != expected {}
    ball.pointee.store(expected + 1, ordering: .releasing)
  }
}

/// Two members take over each other's lines, and back.
private final class Exchange {
  static let turns = 16
  static let length = 256
  private let team: Team
  private let lines: AlignedBuffer<SIMD8<Int>>
  private let lists: [AlignedBuffer<Int>]

  init(team: Team, lines count: Int) {
    self.team = team
    lines = AlignedBuffer(count: 2 * count) { SIMD8(repeating: $0 + 1) }
    lists = (0..<2).map { half in AlignedBuffer(count: count) { half * count + $0 } }
  }

  func swap() -> Int {
    let (lines, lists) = (lines, lists)
    for turn in 0..<Self.turns {
      team.run { member in takeOver(lines.elements, lists[(member + turn) % 2].elements) }
    }
    return lines.elements[0][0]
  }
}

/// A line at a time: the compiler would gather several. The list is written too: it does not see that
/// nothing in it changes.
@inline(never)
private func takeOver(
  _ lines: UnsafeMutableBufferPointer<SIMD8<Int>>, _ list: UnsafeMutableBufferPointer<Int>
) {
  var total = 0
  for line in list { total = opaque(total &+ lines[line][0]) }
  for index in list.indices {
    let line = list[index]
    lines[line][0] = total
    list[index] = opaque(line)
  }
}

import Databases
import Drills
import Harness
import Platform
import Results
import Statistics
import Systems

/// What `kill -9` and two writers at once do to two stores: looked for once in each process.
struct StoreFaults {
  private static let kills = SmokeRun.isThis ? 4 : 20
  private static let rounds = SmokeRun.isThis ? 2 : 10
  private static let hotRows = 4

  private var random: SeededGenerator
  private let way: TwoStores.Way
  private let batch: Int

  init(_ seed: UInt64, _ way: TwoStores.Way, batch: Int) {
    random = SeededGenerator(seed: seed, stream: 0x2B07)
    self.way = way
    self.batch = batch
  }

  mutating func found() throws -> [String: Counter] {
    var (diverged, lost) = (0, 0)
    for _ in 0..<Self.kills {
      let (copy, acknowledged) = try afterKill()
      diverged += copy
      lost += acknowledged
    }
    var inverted = 0
    for _ in 0..<Self.rounds { inverted += try twoWriters() }
    return [
      "rows diverged in 20 kills": Counter(Double(diverged * 20 / Self.kills), unit: .count),
      "rows lost": Counter(Double(lost), unit: .count),
      "rows diverged by two writers": Counter(Double(inverted), unit: .count),
    ]
  }

  /// Kills a writer at a random moment; what comes up again relays what is in the outbox.
  /// - Returns: rows in which the new store differs, and acknowledged rows that the old one lost.
  private mutating func afterKill() throws -> (diverged: Int, lost: Int) {
    let folder = try ScratchFolder(bytes: TwoStores.bytes)
    let (way, batch, path) = (way, batch, folder.path)
    let moment = Int.random(in: 20...60, using: &random)
    let acknowledged = try KilledCopy.run(until: moment) { acknowledge in
      let stores = try TwoStores(in: path)
      for row in 0... {
        switch way {
        case .dual:
          try stores.old.set(row, to: row)
          try stores.new.set(row, to: row)
        case .outbox:
          try stores.setWithOutbox(row, to: row)
          if row % batch == batch - 1 { try stores.relay() }
        }
        acknowledge(row + 1)
      }
    }
    let stores = try TwoStores(in: path)
    if way == .outbox { try stores.relay() }
    let keeper = TruthKeeper()
    for row in 0..<acknowledged { keeper.acknowledge(row, mixed(UInt64(row))) }
    // One more may be there, whose acknowledgement was on its way.
    keeper.intend(acknowledged, mixed(UInt64(acknowledged)))
    return (try stores.comparison().wrong, keeper.judge(try stores.old.all()).wrong)
  }

  /// Two threads change the same few rows.
  /// - Returns: rows in which the stores then differ.
  private func twoWriters() throws -> Int {
    let folder = try ScratchFolder(bytes: TwoStores.bytes)
    let (way, path) = (way, folder.path)
    let writers = try [1, 2].map { writer in
      // Opened one after the other: both would make the tables.
      _ = try TwoStores(in: path)
      return try ServerThread(on: nil, isJoined: true) {
        orEnd {
          let stores = try TwoStores(in: path)
          for turn in 0..<40 {
            let (row, value) = (turn % Self.hotRows, turn * 10 + writer)
            if way == .outbox {
              try stores.setWithOutbox(row, to: value)
            } else {
              try stores.old.set(row, to: value)
              try stores.new.set(row, to: value)
            }
          }
        }
      }
    }
    for writer in writers { writer.join() }
    let stores = try TwoStores(in: path)
    if way == .outbox { try stores.relay() }
    return try stores.comparison().wrong
  }
}

import Databases
import Drills
import Glibc
import Harness
import Platform
import Results
import Statistics
import Systems

/// What faults in the middle and two writers at once do to two stores: looked for once in each
/// process.
struct StoreFaults {
  /// How often each fault is looked for.
  private static let times: [(fault: DrillFault, times: Int)] = [
    (.kill, 2), (.cutLink, 1), (.fullDisk, 1),
  ]
  private static let hotRows = 4
  /// That a writer goes through while there is a fault.
  private static let rows = 100
  /// Rows for which a link stays cut and a disk full.
  private static let fault = 5

  private var random: SeededGenerator
  private let way: TwoStores.Way
  private let batch: Int

  init(_ seed: UInt64, _ way: TwoStores.Way, batch: Int) {
    random = SeededGenerator(seed: seed, stream: 0x2B07)
    self.way = way
    self.batch = batch
  }

  mutating func found() throws -> [String: Counter] {
    var report: [String: Counter] = [:]
    var lost = 0
    for (fault, times) in Self.times {
      let name = "rows diverged per \(fault.rawValue)"
      do {
        var diverged = 0
        for _ in 0..<times {
          let (copy, acknowledged) = try after(fault)
          diverged += copy
          lost += acknowledged
        }
        report[name] = .count(Double(diverged) / Double(times))
      } catch let error as SystemError {
        report[name] = Counter(unavailable: "\(error)")
      }
    }
    report["rows lost"] = .count(Double(lost))
    report["rows diverged per pair of writers"] = .count(Double(try twoWriters()))
    return report
  }

  /// - Returns: rows in which the new store differs, and acknowledged rows that the old one lost.
  private mutating func after(_ fault: DrillFault) throws -> (diverged: Int, lost: Int) {
    let folder = try ScratchFolder(bytes: TwoStores.bytes)
    let moment = Int.random(in: 20...60, using: &random)
    let keeper =
      switch fault {
      case .kill: try afterKill(moment, folder.path)
      case .cutLink:
        try afterCut(moment, UInt64.random(in: 0..<300_000, using: &random), folder.path)
      case .fullDisk: try afterFullDisk(moment, folder)
      }
    // What comes up again relays what is in the outbox.
    let stores = try TwoStores(in: folder.path)
    if way == .outbox { try stores.relay() }
    let report = keeper.judge(try stores.old.all())
    return (try stores.comparison().wrong, report.lost.count + report.diverged.count)
  }

  /// Writes a row in the way that is looked at.
  private func write(
    _ row: Int, _ stores: TwoStores, set: (Int, Int) throws -> Void
  ) throws {
    switch way {
    case .dual:
      try stores.old.set(row, to: row)
      try set(row, row)
    case .outbox:
      try stores.setWithOutbox(row, to: row)
      // What can't be relayed now stays where it is.
      guard row % batch == batch - 1 else { return }
      try? stores.relay { for entry in $0 { try set(entry.row, entry.value) } }
    }
  }

  private func afterKill(_ moment: Int, _ path: String) throws -> TruthKeeper {
    let acknowledged = try KilledCopy.run(until: moment) { acknowledge in
      let stores = try TwoStores(in: path)
      for row in 0... {
        try write(row, stores) { try stores.new.set($0, to: $1) }
        acknowledge(row + 1)
      }
    }
    let keeper = TruthKeeper()
    for row in 0..<acknowledged { keeper.acknowledge(row, Self.digest(row)) }
    return keeper
  }

  /// - Parameter delay: nanoseconds from the beginning of a write to the cut.
  private func afterCut(
    _ moment: Int, _ delay: UInt64, _ path: String
  ) throws -> TruthKeeper {
    let (stores, remote) = (try TwoStores(in: path), try RemoteStore(in: path))
    let (keeper, link) = (TruthKeeper(), remote.link)
    var cutter: ServerThread?
    for row in 0..<Self.rows {
      if row == moment {
        let time = Clock.now() + delay
        cutter = try ServerThread(on: nil, isJoined: true) {
          while Clock.now() < time {}
          link.cut()
        }
      }
      if row == moment + Self.fault {
        cutter?.join()
        link.repair()
      }
      keeper.intend(row, Self.digest(row))
      do {
        try write(row, stores) { try remote.set($0, to: $1) }
        keeper.acknowledge(row, Self.digest(row))
      } catch is SystemError {}
    }
    return keeper
  }

  /// The new store's disk has no room for a while; its database is then copied to where this
  /// process can read it.
  private func afterFullDisk(_ moment: Int, _ folder: ScratchFolder) throws -> TruthKeeper {
    let (path, mounted) = (folder.path, folder.file("disk"))
    mkdir(mounted, 0o755)
    let copy = try ProcessCopy(seconds: 20) { say in
      let disk = try SmallDisk(at: mounted, bytes: 8 << 20)
      do {
        let stores = try TwoStores(in: path, and: mounted)
        for row in 0..<Self.rows {
          if row == moment { try disk.fill() }
          if row == moment + Self.fault { disk.makeRoom() }
          do {
            try write(row, stores) { try stores.new.set($0, to: $1) }
            say(row)
          } catch let error as SQLiteError where error.isFull {}
        }
        try stores.new.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
      }
      try FileTree.copy("\(mounted)/new", to: "\(path)/new")
      say(-1)
    }
    let keeper = TruthKeeper()
    while true {
      let row = try copy.word()
      guard row >= 0 else { break }
      keeper.acknowledge(row, Self.digest(row))
    }
    return keeper
  }

  private static func digest(_ row: Int) -> UInt64 { mixed(UInt64(row)) }

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

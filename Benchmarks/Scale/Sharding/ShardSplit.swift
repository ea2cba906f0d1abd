import Databases
import Glibc
import Harness
import Platform
import Results
import Statistics
import Synchronization
import Systems

/// A shard, the file that half of its keys move to, and somebody who writes to both.
///
/// The writer knows which file a key belongs to from the map, which changes with the cut-over. It
/// remembers each write that was acknowledged, and all of them are looked for at the end.
final class ShardSplit {
  /// Rows of a transaction of the copy.
  static let piece = 500
  /// Changed keys that are left for the time in which the writer waits.
  static let few = 20

  /// Rows that move: those with odd keys.
  let moving: Int
  private(set) var report: [String: Counter] = [:]
  private let rows: Int
  private let seed: UInt64
  private let folder: ScratchFolder
  private let full: String
  private var files: ShardFiles
  private var calls = 0
  private let cpu: Int
  private let shared = Mutex(Shared())

  /// What writer and mover both know.
  private struct Shared {
    var hasCutOver = false
    var isOver = false
    /// By key, the last value that was acknowledged.
    var acknowledged: [Int: Int] = [:]
    var longest: UInt64 = 0
    var count = 0
  }

  /// For a write, or for what is done while nobody writes.
  private let gate = Mutex(())

  init(_ point: Point) throws {
    (rows, moving, seed) = (point.value, point.value / 2, point.seed)
    cpu = point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]
    folder = try ScratchFolder(bytes: 64 << 20)
    full = folder.file("full.db")
    try ShardFiles.fill(full, rows: rows)
    files = try ShardFiles(copyOf: full, in: folder.path, named: "first")
  }

  /// A split, while a writer writes.
  /// - Parameter losesWrites: whether acknowledged writes may be missing afterwards.
  /// - Returns: 0 where all that has to be there is.
  func run(losesWrites: Bool, _ move: (ShardSplit) throws -> Void) throws -> UInt64 {
    calls += 1
    files = try ShardFiles(copyOf: full, in: folder.path, named: "split\(calls)")
    shared.withLock { $0 = Shared() }
    let writer = try Writer(files, rows: rows, seed: seed &+ UInt64(calls), self)
    let thread = try ServerThread(on: cpu, isJoined: true) { orEnd { try writer.writeAll() } }
    // So that writes are under way before the split, and go on after it.
    usleep(3_000)
    let start = Clock.now()
    try move(self)
    let time = Clock.now() - start
    usleep(3_000)
    shared.withLock { $0.isOver = true }
    thread.join()
    let (acknowledged, longest, count) = shared.withLock {
      ($0.acknowledged, $0.longest, $0.count)
    }
    let missing = try acknowledged.count { key, value in
      try files.value(of: key, inTarget: key % 2 == 1) != value
    }
    report = [
      "longest wait of the writer": Counter(Double(longest), unit: .nanoseconds),
      "acknowledged writes that are missing": Counter(Double(missing), unit: .count),
      "writes meanwhile": Counter(Double(count), unit: .count),
      "time of the split": Counter(Double(time), unit: .nanoseconds),
    ]
    return losesWrites ? 0 : UInt64(missing)
  }

  // MARK: The mover's steps

  /// Copies all rows that move, in pieces.
  func copyAll() throws {
    var last = -1
    while let next = try files.copy(after: last, upTo: Self.piece) { last = next }
  }

  /// From now on the keys of writes are noted.
  func noteChanges() throws { try files.noteChanges() }

  /// Copies the rows that were written since the last call, a piece at most.
  /// - Returns: how many there were.
  func copyChanged() throws -> Int { try files.copyChanged(upTo: Self.piece) }

  /// No write is under way meanwhile, and none begins.
  func whileWriterWaits(_ body: () throws -> Void) throws {
    try gate.withLock { _ in try body() }
  }

  /// Writes of keys that have moved go to the new file.
  func cutOver() { shared.withLock { $0.hasCutOver = true } }

  // MARK: The writer's

  /// One write, from when it is wanted until it is acknowledged.
  fileprivate func write(_ key: Int, _ body: (_ toTarget: Bool) throws -> Int) throws {
    let start = Clock.now()
    let value = try gate.withLock { _ in
      try body(shared.withLock { $0.hasCutOver } && key % 2 == 1)
    }
    let time = Clock.now() - start
    shared.withLock {
      $0.acknowledged[key] = value
      $0.longest = max($0.longest, time)
      $0.count += 1
    }
  }

  fileprivate var isOver: Bool { shared.withLock { $0.isOver } }

  // MARK: Steps by themselves

  /// Nanoseconds of `body`.
  func time(_ body: () throws -> Void) rethrows -> Double {
    let start = Clock.now()
    try body()
    return Double(Clock.now() - start)
  }

  /// Microseconds that the writer sleeps between two writes.
  static let pause: UInt32 = 100

  /// Nanoseconds of a write, the mean of some.
  func timedWrites(_ count: Int) throws -> Double {
    let writer = try Writer(files, rows: rows, seed: seed, self)
    return try time { for _ in 0..<count { try writer.writeOne() } } / Double(count)
  }
}

/// Somebody who writes one row after the other, with connections of its own.
private final class Writer: @unchecked Sendable {
  // SAFETY (@unchecked): made by one thread and used by one other.
  private let connections: ShardFiles.Writing
  private let rows: Int
  private var random: SeededGenerator
  private unowned let split: ShardSplit
  private var last = 0

  init(_ files: ShardFiles, rows: Int, seed: UInt64, _ split: ShardSplit) throws {
    connections = try files.writing()
    (self.rows, self.split) = (rows, split)
    random = SeededGenerator(seed: seed)
  }

  func writeAll() throws {
    while !split.isOver {
      try writeOne()
      // Some writes per millisecond, so that the copy is faster than they are.
      usleep(ShardSplit.pause)
    }
  }

  func writeOne() throws {
    let key = Int.random(in: 0..<rows, using: &random)
    last += 1
    try split.write(key) { toTarget in
      try connections.set(key, to: last, inTarget: toTarget)
      return last
    }
  }
}

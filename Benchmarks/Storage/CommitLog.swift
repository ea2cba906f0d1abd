import Disks
import Harness
import Platform
import Results
import Synchronization
import Techniques

/// A log that several writers append records to, from its beginning again in each round.
final class CommitLog: @unchecked Sendable {
  // SAFETY (@unchecked): what a writer changes is its own; the rest is atomic or changes between
  // rounds.

  /// Records that each writer commits in a round.
  static let recordsEach = 16
  private static let fileBytes = 1 << 20

  let file: DiskFile
  private(set) var group: GroupCommit<DiskError>!
  private let folder: ScratchFolder
  private let threads: BlockingThreads
  private let end = Atomic<Int>(0)
  private let flushes = Atomic<Int>(0)
  private var buffers: [AlignedMemory] = []
  /// By writer.
  private var latencies: [[UInt64]]
  private var commits = 0
  private var counted = 0

  /// - Parameter linger: microseconds for which a leader waits for more records.
  init(_ point: Point, linger: Int) throws {
    folder = try ScratchFolder(bytes: Self.fileBytes)
    file = try DiskFile(folder.file("log"), .cached, creating: true)
    threads = try BlockingThreads(point.value, on: point.cpus)
    latencies = Array(repeating: [], count: point.value)
    buffers = (0..<point.value).map { _ in AlignedMemory(StoredRecord.bytes) }
    let zeros = AlignedMemory(Self.fileBytes)
    try file.write(UnsafeRawBufferPointer(zeros.bytes), at: 0)
    try file.flushAll()
    group = GroupCommit(linger: linger) { [unowned self] batch throws(DiskError) in
      try file.write(batch, at: reserve(batch.count))
      try file.flush()
      flushes.wrappingAdd(1, ordering: .relaxed)
    }
  }

  /// The place of the next bytes.
  func reserve(_ bytes: Int) -> Int { end.wrappingAdd(bytes, ordering: .relaxed).oldValue }

  /// A writer's record of a number.
  func record(_ writer: Int, _ number: Int) -> UnsafeRawBufferPointer {
    StoredRecord(key: writer, version: number).encode(into: buffers[writer].bytes)
    return UnsafeRawBufferPointer(buffers[writer].bytes)
  }

  /// Commits a record, and notes how long it took.
  func timed(_ writer: Int, _ commit: () throws -> Void) {
    let start = Clock.now()
    attempt(commit)
    latencies[writer].append(Clock.now() - start)
  }

  /// All writers commit their records.
  /// - Returns: how many different records a reader of the log finds.
  func round(_ each: @escaping @Sendable (CommitLog, Int) -> Void) -> UInt64 {
    end.store(0, ordering: .relaxed)
    threads.run { [unowned self] writer in each(self, writer) }
    let expected = threads.count * Self.recordsEach
    commits += expected
    return UInt64(attempt { try replay(expected) }.count)
  }

  private func replay(_ count: Int) throws -> Set<StoredRecord> {
    let all = AlignedMemory(count * StoredRecord.bytes)
    try file.read(all.bytes, at: 0)
    var found = Set<StoredRecord>(minimumCapacity: count)
    for index in 0..<count {
      let place = all[from: index * StoredRecord.bytes, count: StoredRecord.bytes]
      if let record = StoredRecord(UnsafeRawBufferPointer(place)) { found.insert(record) }
    }
    return found
  }

  /// Since the last report.
  func report() -> [String: Counter] {
    var all = latencies.flatMap { $0 }.sorted()
    for writer in latencies.indices { latencies[writer].removeAll(keepingCapacity: true) }
    defer { (commits, counted) = (0, flushes.load(ordering: .relaxed)) }
    if all.isEmpty { all = [0] }
    let shared = flushes.load(ordering: .relaxed) - counted
    return [
      "commits per flush": Counter(
        shared > 0 ? Double(commits) / Double(shared) : 1, unit: .count),
      "p99 latency": Counter(Double(all[all.count * 99 / 100]), unit: .nanoseconds),
    ]
  }
}

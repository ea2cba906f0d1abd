import Disks
import Harness
import Platform
import Results
import Statistics

/// A store of records that are updated at random, in batches.
final class UpdatedStore {
  /// 8 MiB of them.
  static let records = 32_768
  /// Records that become durable together.
  static let batch = 64

  let store: any RecordStore
  private let folder: ScratchFolder
  private let device: BlockDevice?
  private var random: SeededGenerator
  private var expected: [Int32]
  private var updates = 0
  private var writtenBytes = 0

  init(
    _ point: Point,
    _ make: (_ path: String, _ random: inout SeededGenerator) throws -> any RecordStore
  ) throws {
    folder = try ScratchFolder(bytes: 24 << 20)
    random = point.generator()
    let store = try make(folder.file("records"), &random)
    self.store = store
    device = try? BlockDevice(of: folder.path)
    expected = try (0..<Self.records).map { Int32(try store.record($0)?.version ?? -1) }
    folder.flush()
  }

  /// A batch of different keys, each as likely as another.
  func nextKeys() -> [Int] {
    var keys: [Int] = []
    while keys.count < Self.batch {
      let key = Int.random(in: 0..<Self.records, using: &random)
      if !keys.contains(key) { keys.append(key) }
    }
    updates += keys.count
    for key in keys { expected[key] += 1 }
    return keys
  }

  /// Makes a batch durable, and counts the bytes that reach the device meanwhile, from whomever. What
  /// the kernel charges to a process counts whole folios, which may be many pages.
  func update(_ keys: [Int]) throws {
    let before = device?.read().writtenBytes ?? 0
    try store.update(keys)
    writtenBytes += (device?.read().writtenBytes ?? 0) - before
  }

  /// How many of these records the file has in their newest version.
  func found(_ keys: [Int]) throws -> UInt64 {
    var right: UInt64 = 0
    for key in keys {
      let record = StoredRecord(key: key, version: Int(expected[key]))
      if try store.record(key) == record { right += 1 }
    }
    return right
  }

  /// Since the last report.
  func report() -> [String: Counter] {
    defer { (writtenBytes, updates) = (0, 0) }
    let bytes = Double(max(1, updates) * StoredRecord.bytes)
    return [
      "write amplification": device == nil
        ? Counter(unavailable: "the file system's device has no statistics")
        : Counter(Double(writtenBytes) / bytes, unit: .count)
    ]
  }
}

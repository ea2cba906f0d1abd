import Databases
import Glibc
import Harness
import Platform
import Results

/// Reads and changes of entries of 108 bytes, in transactions: what a call does to each engine.
///
/// Even keys are only read and odd ones only changed, so that every engine's reads have the same
/// results, whether or not they see the changes of their own transaction.
final class EntryWork {
  static let count = 40_000
  static let transactions = 10
  /// Of a transaction.
  static let operations = 100
  /// Bytes of an entry: key and value.
  static let entryBytes = Double(8 + RecordBody.byteCount)
  /// Bytes of scratch space.
  static let neededBytes = 256 << 20

  /// Of each transaction.
  let writes: Int
  private let keys: [UInt64]
  private var position = 0
  private var version = 0
  /// The value of the next change.
  let value = UnsafeMutableRawBufferPointer.allocate(
    byteCount: RecordBody.byteCount, alignment: 8)

  /// - Parameter point: its value is the share of changes in percent.
  init(_ point: Point) {
    writes = Self.operations * point.value / 100
    var generator = point.generator()
    keys = (0..<8_192).map { _ in
      UInt64(Int.random(in: 0..<Self.count / 2, using: &generator) * 2)
    }
  }

  deinit { value.deallocate() }

  /// Each key with its first value.
  /// - Parameter step: only every so-manyth key, from that one less 1 on.
  static func fill(
    every step: Int = 1, _ put: (UInt64, UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    try withUnsafeTemporaryAllocation(byteCount: RecordBody.byteCount, alignment: 8) { body in
      for key in stride(from: step - 1, to: count, by: step) {
        RecordBody.fill(body, record: key)
        try put(UInt64(key), UnsafeRawBufferPointer(body))
      }
    }
  }

  /// One transaction: changes and reads, evenly mixed.
  /// - Returns: how many reads found the right value.
  @inline(__always)
  func pass(
    read: (UInt64) throws -> UInt64, change: (UInt64, UnsafeRawBufferPointer) throws -> Void
  ) rethrows -> UInt64 {
    var right: UInt64 = 0
    for operation in 0..<Self.operations {
      let key = keys[position]
      position = (position + 1) & 8_191
      if (operation + 1) * writes / Self.operations > operation * writes / Self.operations {
        version += 1
        RecordBody.fill(value, record: version)
        try change(key + 1, UnsafeRawBufferPointer(value))
      } else if try read(key) == Self.firstWord(of: key) {
        right += 1
      }
    }
    return right
  }

  /// Of the last transaction's last change, if it had any: whether it is there.
  func confirms(read: (UInt64) throws -> UInt64) rethrows -> Bool {
    guard writes > 0 else { return true }
    let last = lastChanged()
    return try read(last) == value.load(as: UInt64.self)
  }

  /// The last operation of a transaction is a change, where there is any.
  private func lastChanged() -> UInt64 { keys[(position + 8_191) & 8_191] + 1 }

  static func firstWord(of key: UInt64) -> UInt64 { (key &+ 1) &* 0x9e37_79b9_7f4a_7c15 }
}

/// An engine with its entries, and the bytes that reached the device for it.
final class EntryBench<Engine> {
  let engine: Engine
  let work: EntryWork
  private let folder: ScratchFolder
  private let device: BlockDevice?
  /// Bytes per byte of changed entries, by what is known of the engine.
  private let expected: Double
  private var written = 0
  private var calls = 0

  /// - Parameters:
  ///   - expected: the write amplification that the engine's pages and levels lead to.
  ///   - open: makes the engine.
  ///   - fill: puts all entries into it.
  init(
    _ point: Point, expected: (_ work: EntryWork) -> Double,
    open: (_ path: String) throws -> Engine, fill: (Engine) throws -> Void = { _ in }
  ) throws {
    folder = try ScratchFolder(bytes: EntryWork.neededBytes)
    device = try? BlockDevice(of: folder.path)
    engine = try open(folder.file("entries"))
    work = EntryWork(point)
    self.expected = expected(work)
    try fill(engine)
    // Nothing of this is to be written later, while others are counted.
    folder.flush()
  }

  /// Counts what reaches the device meanwhile, from whomever. All that an engine has committed has
  /// been flushed by it. What the kernel charges to a process counts whole folios, which may be many
  /// pages.
  @inline(__always)
  func counted(_ body: () throws -> UInt64) rethrows -> UInt64 {
    guard work.writes > 0, let device else { return try body() }
    let before = device.read().writtenBytes
    let answer = try body()
    written += device.read().writtenBytes - before
    calls += 1
    return answer
  }

  func report() -> [String: Counter] {
    guard calls > 0 else { return [:] }
    defer { (written, calls) = (0, 0) }
    let changes = Double(calls * EntryWork.transactions * work.writes)
    let each = Double(written) / changes
    return [
      "write amplification": Counter(each / EntryWork.entryBytes, unit: .count),
      "write amplification, expected": Counter(expected, unit: .count),
      "bytes written per change": Counter(each, unit: .bytes),
    ]
  }
}

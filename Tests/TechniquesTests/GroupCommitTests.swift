import Foundation
import Synchronization
import Techniques
import Testing

struct GroupCommitTests {
  private struct Full: Error, Equatable {}

  /// What was flushed, and how many flushes ran at the same time at most.
  private final class Log: Sendable {
    let bytes = Mutex<[[UInt8]]>([])
    let running = Atomic<Int>(0)
    let overlaps = Atomic<Int>(0)

    func flush(_ batch: UnsafeRawBufferPointer) {
      if running.add(1, ordering: .relaxed).oldValue > 0 { overlaps.add(1, ordering: .relaxed) }
      bytes.withLock { $0.append(Array(batch)) }
      running.subtract(1, ordering: .relaxed)
    }
  }

  private func commit(_ record: [UInt8], to log: GroupCommit<Full>) throws(Full) {
    let result = record.withUnsafeBytes { bytes in
      Result { () throws(Full) in try log.commit(bytes) }
    }
    try result.get()
  }

  @Test(arguments: [0, 200])
  func everyRecordIsFlushedOnceAndBeforeItsCommitReturns(linger: Int) async throws {
    let log = Log()
    let group = GroupCommit<Full>(linger: linger) { log.flush($0) }
    await withTaskGroup(of: Void.self) { tasks in
      for writer in 0..<8 {
        tasks.addTask {
          for number in 0..<50 {
            let record = [UInt8(writer), UInt8(number)]
            try? self.commit(record, to: group)
            let isThere = log.bytes.withLock { batches in
              batches.last { Self.records($0).contains(record) } != nil
            }
            #expect(isThere)
          }
        }
      }
    }
    let records = log.bytes.withLock { $0.flatMap(Self.records) }
    #expect(records.count == 400 && Set(records).count == 400)
    // A writer's records are in its order.
    for writer in 0..<8 {
      let own = records.filter { $0[0] == UInt8(writer) }.map { $0[1] }
      #expect(own == own.sorted())
    }
    #expect(log.overlaps.load(ordering: .relaxed) == 0)
    let counts = group.counts
    #expect(counts.commits == 400 && counts.flushes == log.bytes.withLock(\.count))
  }

  @Test func oneWriterHasAFlushForEachRecord() throws {
    let log = Log()
    let group = GroupCommit<Full> { log.flush($0) }
    for number in 0..<UInt8(10) { try commit([1, number], to: group) }
    #expect(group.counts == (10, 10))
  }

  @Test func afterAFailedFlushNothingIsCommittedAnyMore() throws {
    let flushes = Mutex(0)
    let group = GroupCommit<Full> { _ throws(Full) in
      let count = flushes.withLock { count in
        count += 1
        return count
      }
      if count == 2 { throw Full() }
    }
    try commit([1, 1], to: group)
    for _ in 0..<3 {
      #expect(throws: Full.self) { try commit([1, 2], to: group) }
    }
    // The device is not asked again.
    #expect(flushes.withLock { $0 } == 2 && group.counts.commits == 1)
  }

  private static func records(_ batch: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: batch.count, by: 2).map { Array(batch[$0..<$0 + 2]) }
  }
}

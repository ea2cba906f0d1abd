import Harness
import Platform
import Results

/// The raw samples of an experiment as compressed CSV: whoever doubts an interval computes it anew.
struct SampleFile {
  private var text = SampleRow.header
  private(set) var isEmpty = true

  /// - Parameter records: one for each round of processes, in order.
  mutating func append(_ point: PointResult, _ records: [ProcessRecord]) {
    for (process, record) in records.enumerated() {
      for (index, block) in record.blocks.enumerated() {
        let dropped = block.disturbances.joined(separator: "+")
        for (place, slot) in block.slots.enumerated() {
          isEmpty = false
          text +=
            SampleRow(
              point: point.parameter.label, process: process, block: index, slot: place,
              instance: slot.instance, iterations: record.iterations,
              nanoseconds: slot.nanoseconds, value: slot.value, dropped: dropped
            ).line
        }
      }
    }
  }

  func compressed() throws -> [UInt8] { try Gzip.compress(Array(text.utf8)) }

  /// Where the samples of an experiment lie.
  /// - Parameter folder: the machine's.
  static func path(_ id: String, in folder: String) -> String {
    "\(folder)/samples/\(id).csv.gz"
  }

  /// The samples of an experiment; nil where none are kept.
  /// - Throws: `LabError.unreadable` where they are damaged.
  static func rows(_ id: String, in folder: String) throws(LabError) -> [SampleRow]? {
    let path = path(id, in: folder)
    guard Files.exists(path) else { return nil }
    let bytes = try Files.read(path)
    do { return try SampleRow.rows(try Gzip.decompress(bytes)) } catch let error as SampleProblem {
      throw .unreadable(path: path, reason: "record \(error.record) is no sample")
    } catch { throw .unreadable(path: path, reason: "\(error)") }
  }
}

import Harness
import Platform
import Results

/// The raw samples of an experiment as compressed CSV: whoever doubts an interval computes it anew.
struct SampleFile {
  private var text = "point,process,block,slot,instance,iterations,nanoseconds,value,dropped\n"
  private(set) var isEmpty = true

  /// - Parameter records: one for each round of processes, in order.
  mutating func append(_ point: PointResult, _ records: [ProcessRecord]) {
    for (process, record) in records.enumerated() {
      for (index, block) in record.blocks.enumerated() {
        let dropped = block.disturbances.joined(separator: "+")
        for (place, slot) in block.slots.enumerated() {
          isEmpty = false
          text +=
            "\"\(point.parameter.label)\",\(process),\(index),\(place),\(slot.instance),"
            + "\(record.iterations),\(Int(slot.nanoseconds)),\(slot.value),\(dropped)\n"
        }
      }
    }
  }

  func compressed() throws -> [UInt8] { try Gzip.compress(Array(text.utf8)) }
}

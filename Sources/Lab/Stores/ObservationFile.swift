import Harness
import Platform
import Results

/// What the processes of an experiment observed, as compressed CSV of histograms: from it the
/// percentiles and their intervals can be computed anew. Blocks that were dropped are left out.
struct ObservationFile {
  private var text = "point,process,instance,value,count\n"
  private(set) var isEmpty = true

  /// - Parameter records: one for each round of processes, in order.
  mutating func append(_ point: PointResult, _ records: [ProcessRecord]) {
    let label = CSV.field(point.parameter.label)
    for (process, record) in records.enumerated() {
      for (instance, observed) in record.keptObservations.sorted(by: { $0.key < $1.key }) {
        isEmpty = false
        for (value, count) in zip(observed.values, observed.counts) {
          text += "\(label),\(process),\(instance),\(value),\(count)\n"
        }
      }
    }
  }

  func compressed() throws -> [UInt8] { try Gzip.compress(Array(text.utf8)) }

  /// - Parameter folder: the machine's.
  static func path(_ id: String, in folder: String) -> String {
    "\(folder)/samples/\(id).observations.csv.gz"
  }
}

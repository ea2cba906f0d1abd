/// One timed sample, as `samples/<id>.csv.gz` keeps it.
public struct SampleRow: Equatable, Sendable {
  /// The label of the point.
  public var point: String
  /// The round of worker processes, from 0.
  public var process: Int
  /// Within the process, from 0.
  public var block: Int
  /// Within the block, in the order of time, from 0.
  public var slot: Int
  /// 0 and 1 are the baseline (A and A′), then the candidates that were measured.
  public var instance: Int
  /// Kernel calls in the sample.
  public var iterations: Int
  /// Of all its calls together.
  public var nanoseconds: Double
  /// The metric, per call.
  public var value: Double
  /// The rules that dropped the block, joined with `+`; empty where it counts.
  public var dropped: String

  /// Of its parts, as they are.
  public init(
    point: String, process: Int, block: Int, slot: Int, instance: Int, iterations: Int,
    nanoseconds: Double, value: Double, dropped: String
  ) {
    self.point = point
    self.process = process
    self.block = block
    self.slot = slot
    self.instance = instance
    self.iterations = iterations
    self.nanoseconds = nanoseconds
    self.value = value
    self.dropped = dropped
  }

  /// Wall time of one call in nanoseconds.
  public var time: Double { nanoseconds / Double(iterations) }

  /// Names of the columns, with the end of the line.
  public static let header =
    "point,process,block,slot,instance,iterations,nanoseconds,value,dropped\n"

  /// As a line of the file, with its end.
  public var line: String {
    "\(CSV.field(point)),\(process),\(block),\(slot),\(instance),\(iterations),"
      + "\(Int(nanoseconds)),\(value),\(dropped)\n"
  }

  /// All rows of a file.
  /// - Throws: `SampleProblem` with the first record that is no sample.
  public static func rows(_ text: [UInt8]) throws(SampleProblem) -> [SampleRow] {
    let records = CSV.records(text)
    guard records.first.map(CSV.line) == header else {
      throw SampleProblem(record: 1)
    }
    var rows: [SampleRow] = []
    rows.reserveCapacity(records.count)
    for (index, record) in records.enumerated().dropFirst() {
      guard let row = SampleRow(record) else { throw SampleProblem(record: index + 1) }
      rows.append(row)
    }
    return rows
  }

  private init?(_ fields: [String]) {
    guard fields.count == 9, let process = Int(fields[1]), let block = Int(fields[2]),
      let slot = Int(fields[3]), let instance = Int(fields[4]), let iterations = Int(fields[5]),
      let nanoseconds = Double(fields[6]), let value = Double(fields[7]),
      iterations > 0, instance >= 0
    else { return nil }
    self.init(
      point: fields[0], process: process, block: block, slot: slot, instance: instance,
      iterations: iterations, nanoseconds: nanoseconds, value: value, dropped: fields[8])
  }
}

/// Where a file of samples is damaged.
public struct SampleProblem: Error, Equatable, Sendable {
  /// From 1, the header being the first.
  public var record: Int

  /// A problem in a record.
  public init(record: Int) { self.record = record }
}

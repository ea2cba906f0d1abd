import Harness
import Statistics

/// The requests of a process and where their telemetry goes.
final class Telemetry {
  static let requests = 400

  let attributes: [(name: String, value: Int)]
  let identifiers: [UInt64]
  var text: [UInt8] = []
  var counts = [Int](repeating: 0, count: 64)
  var bytes = 0

  init(_ point: Point) {
    var random = point.generator()
    attributes = (0..<point.value).map {
      ("attribute.\($0)", Int.random(in: 0..<1_000, using: &random))
    }
    // One of a hundred is kept, whatever the seed.
    identifiers = (0..<Self.requests).map { random.next() / 100 * 100 + ($0 % 100 == 0 ? 0 : 1) }
    text.reserveCapacity(1 << 20)
  }

  func isKept(_ request: UInt64) -> Bool { request % 100 == 0 }

  /// What a span is as text, in the form of OTLP's JSON.
  func describe(_ request: UInt64, _ span: Int, _ start: UInt64, _ end: UInt64) -> String {
    var line =
      "{\"traceId\":\"\(request)\",\"spanId\":\"\(span)\",\"startTimeUnixNano\":\"\(start)\","
    line += "\"endTimeUnixNano\":\"\(end)\",\"attributes\":["
    for (name, value) in attributes {
      line += "{\"key\":\"\(name)\",\"value\":{\"intValue\":\"\(value)\"}},"
    }
    return line + "]}\n"
  }
}

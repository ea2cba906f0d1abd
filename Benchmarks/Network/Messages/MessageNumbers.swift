import Harness
import Results
import Statistics
import SwiftProtobuf

/// What a message and its parts cost in each format, encoded and decoded: numbers of the machine that
/// need the formats' packages.
public let messageNumbers: [Probe] =
  (probes("json", "JSON", .foundation) + probes("protobuf", "Protobuf", .protobuf))
  .map { $0.of("network") }

private typealias Pass = (_ index: Int) throws -> (digest: UInt64, bytes: Int)

private func probes(_ format: String, _ title: String, _ codec: Codec) -> [Probe] {
  [
    probe(
      "\(format).message", "\(title): a message of six fields", "encode and decode", parts: 1,
      count: 100
    ) { codec.passing([order(0)], PBOrder.init) },
    probe(
      "\(format).item", "\(title): a nested message of four fields",
      "encode and decode a message with 200 of them", parts: 200, count: 2
    ) { codec.passing([order(200)], PBOrder.init) },
    probe(
      "\(format).double", "\(title): a number in a list",
      "encode and decode a message with 2,000 of them, of two decimal places", parts: 2_000,
      count: 1
    ) { codec.passing([readings(2_000)], PBReadings.init) },
    probe(
      "\(format).byte", "\(title): a byte of text",
      "encode and decode a message with 64 KiB of letters", parts: 64 << 10, count: 1
    ) { codec.passing([article(64 << 10)], PBArticle.init) },
  ]
}

private func probe(
  _ name: String, _ title: String, _ method: String, parts: Int, count: Int,
  _ pass: @escaping @Sendable () -> Pass
) -> Probe {
  Probe(
    name, group: "Messages", title: title, method: method, value: count, smoke: 1,
    reading: { .operations(Double($0 * parts)) },
    variant: Variant(
      name, shows: [], prepare: { (count: $0.value, pass: pass()) },
      run: { input in
        orEnd {
          try (0..<input.count).reduce(UInt64(0)) { sum, _ in sum &+ (try input.pass(0).digest) }
        }
      }))
}

private func random() -> SeededGenerator { SeededGenerator(seed: 1) }

private func order(_ items: Int) -> Order {
  var random = random()
  var order = Order(&random)
  order.items = (0..<items).map { _ in Order.Item(&random) }
  return order
}

private func readings(_ count: Int) -> Readings {
  var random = random()
  var readings = Readings(&random)
  readings.values = (0..<count).map { _ in
    Double(Int.random(in: -9_999...9_999, using: &random)) / 100
  }
  return readings
}

private func article(_ bytes: Int) -> Article {
  var random = random()
  var article = Article(&random)
  article.body = String(repeating: "etaoinsh", count: bytes / 8)
  return article
}

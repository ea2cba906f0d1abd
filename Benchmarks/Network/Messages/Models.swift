import Harness
import Statistics

/// A message of network/encoding: as an application's own type, and as a generated one.
protocol Sent {
  /// Of all its fields.
  var digest: UInt64 { get }
}

/// Numbers, short strings and a list: what most requests are.
struct Order: Codable, Sent {
  struct Item: Codable {
    var product: UInt32
    var name: String
    var count: UInt32
    var cents: UInt32

    init(_ random: inout SeededGenerator) {
      product = UInt32.random(in: 1...99_999, using: &random)
      name = "Product number \(product)"
      count = .random(in: 1...9, using: &random)
      cents = .random(in: 99...99_999, using: &random)
    }

    init(product: UInt32, name: String, count: UInt32, cents: UInt32) {
      (self.product, self.name, self.count, self.cents) = (product, name, count, cents)
    }
  }
  var id: UInt64
  var customer: UInt64
  var placed: Int64
  var currency: String
  var items: [Item]
  var gift: Bool

  init(_ random: inout SeededGenerator) {
    id = .random(in: 1...9_999_999, using: &random)
    customer = .random(in: 1...999_999, using: &random)
    placed = .random(in: 1_700_000_000_000...1_800_000_000_000, using: &random)
    currency = "EUR"
    gift = Bool.random(using: &random)
    items = (0..<5).map { _ in Item(&random) }
  }

  init(id: UInt64, customer: UInt64, placed: Int64, currency: String, items: [Item], gift: Bool) {
    (self.id, self.customer, self.placed) = (id, customer, placed)
    (self.currency, self.items, self.gift) = (currency, items, gift)
  }

  var digest: UInt64 {
    items.reduce(id &+ customer &+ UInt64(placed) &+ currency.digest &+ (gift ? 1 : 0)) {
      $0 &+ UInt64($1.product &+ $1.count &+ $1.cents) &+ $1.name.digest
    }
  }
}

/// A hundred measured values.
struct Readings: Codable, Sent {
  var sensor: UInt64
  var start: Int64
  var values: [Double]

  init(_ random: inout SeededGenerator) {
    sensor = .random(in: 1...9_999, using: &random)
    start = .random(in: 1_700_000_000_000...1_800_000_000_000, using: &random)
    values = (0..<100).map { _ in Double(Int.random(in: -9_999...9_999, using: &random)) / 100 }
  }

  init(sensor: UInt64, start: Int64, values: [Double]) {
    (self.sensor, self.start, self.values) = (sensor, start, values)
  }

  var digest: UInt64 {
    values.reduce(sensor &+ UInt64(start)) { $0 &+ $1.bitPattern }
  }
}

/// Two KiB of text.
struct Article: Codable, Sent {
  var id: UInt64
  var title: String
  var body: String

  init(_ random: inout SeededGenerator) {
    id = .random(in: 1...9_999, using: &random)
    title = "An article on encodings"
    body = (0..<256).map { _ in
      String((0..<7).map { _ in "etaoinshrdlu".randomElement(using: &random)! })
    }.joined(separator: " ")
  }

  init(id: UInt64, title: String, body: String) {
    (self.id, self.title, self.body) = (id, title, body)
  }

  var digest: UInt64 { id &+ title.digest &+ body.digest }
}

extension String {
  /// Of its length and all of its bytes, whose sum vectors compute: a small part of decoding them.
  var digest: UInt64 {
    var text = self
    return text.withUTF8 { bytes in
      var sum: UInt32 = 0
      for byte in bytes { sum &+= UInt32(byte) }
      return UInt64(bytes.count) << 32 &+ UInt64(sum)
    }
  }
}

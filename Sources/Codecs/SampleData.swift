import Statistics

/// Seeded data of the kinds that systems store and send. The same seed gives the same bytes.
public enum SampleData: String, Sendable, CaseIterable {
  /// Lines of a web server's access log.
  case logs
  /// Responses of an interface: lists of products.
  case json
  /// Columns of a table, one after the other: times, identifiers, states, amounts.
  case columns
  /// What the entropy coder of a picture format leaves: bytes without any redundancy.
  case pictures

  /// So many bytes.
  public func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 512)
    var row = 0
    switch self {
    case .logs:
      while bytes.count < count {
        bytes += Self.logLine(row, &generator).utf8
        row += 1
      }
    case .json:
      bytes += "[".utf8
      while bytes.count < count {
        bytes += (Self.product(row, &generator) + ",").utf8
        row += 1
      }
    case .columns: bytes = Self.columns(bytes: count, &generator)
    case .pictures:
      while bytes.count < count { bytes.append(UInt8.random(in: 0...255, using: &generator)) }
    }
    return Array(bytes.prefix(count))
  }

  /// Records of about 300 bytes, each by itself.
  public static func records(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { Array(product($0, &generator).utf8) }
  }

  // MARK: Rows

  private static let paths = [
    "/", "/products", "/cart", "/search?q=", "/products/", "/images/", "/checkout", "/login",
    "/api/v1/recommendations", "/api/v1/stock/", "/static/app.js", "/static/site.css",
  ]
  private static let agents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0", "curl/8.9.1",
  ]

  /// Small indices are the most frequent: the square of a uniform number.
  private static func index(below count: Int, _ generator: inout SeededGenerator) -> Int {
    let uniform = Double.random(in: 0..<1, using: &generator)
    return Int(uniform * uniform * Double(count))
  }

  private static func logLine(_ row: Int, _ generator: inout SeededGenerator) -> String {
    let second = row / 20
    let path = paths[index(below: paths.count, &generator)]
    let tail =
      path.hasSuffix("/") && path.count > 1 || path.hasSuffix("=")
      ? String(index(below: 20_000, &generator)) : ""
    let status = [200, 200, 200, 304, 404, 500][index(below: 6, &generator)]
    let client = (0..<3).map { _ in String(Int.random(in: 1...254, using: &generator)) }
    return "10.\(client.joined(separator: ".")) - - [28/Nov/2026:09:\(two(second / 60 % 60)):"
      + "\(two(second % 60)) +0000] \"GET \(path)\(tail) HTTP/1.1\" \(status) "
      + "\(Int.random(in: 200...60_000, using: &generator)) "
      + "\(Int.random(in: 1...90, using: &generator)) \"-\" "
      + "\"\(agents[index(below: agents.count, &generator)])\"\n"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static let words = [
    "steel", "light", "garden", "kitchen", "classic", "travel", "cotton", "black", "large", "set",
    "chair", "lamp", "knife", "bag", "bottle", "table", "mirror", "clock", "basket", "blanket",
  ]

  private static func product(_ row: Int, _ generator: inout SeededGenerator) -> String {
    func word() -> String { words[index(below: words.count, &generator)] }
    let name = "\(word()) \(word()) \(word())"
    let text = (0..<12).map { _ in word() }.joined(separator: " ")
    let cents = Int.random(in: 199...29_999, using: &generator)
    return
      "{\"id\":\(1_000_000 + row),\"sku\":\"P-\(Int.random(in: 0..<1 << 24, using: &generator))\","
      + "\"name\":\"\(name)\",\"price\":{\"amount\":\(cents),\"currency\":\"EUR\"},"
      + "\"description\":\"\(text)\",\"stock\":\(index(below: 500, &generator)),"
      + "\"rating\":\(Int.random(in: 10...50, using: &generator)),"
      + "\"tags\":[\"\(word())\",\"\(word())\"],"
      + "\"image\":\"https://images.example.com/p/\(1_000_000 + row).jpg\"}"
  }

  /// Four columns of eight bytes a value, each whole before the next.
  private static func columns(bytes count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    let rows = count / 32 + 1
    var columns: [[UInt64]] = [[], [], [], []]
    var time: UInt64 = 1_790_000_000_000
    for _ in 0..<rows {
      time += UInt64.random(in: 1...50, using: &generator)
      columns[0].append(time)
      columns[1].append(UInt64(index(below: 100_000, &generator)))
      columns[2].append(UInt64(index(below: 6, &generator)))
      columns[3].append(UInt64.random(in: 199...29_999, using: &generator))
    }
    return SampleTable.columnar(columns)
  }
}

import FoundationEssentials

/// What `sadf -j`, `mpstat -o JSON` and `iostat -o JSON` print.
///
/// Source: sysstat 11 to 12.7, json_stats.c, mpstat.c and iostat.c.
struct SysstatJSONReader: LineReader {
  static let format = "sysstat's JSON"
  private var text = Data()

  static func recognises(_ head: [Substring]) -> Bool {
    head.prefix(5).joined().filter { !$0.isWhitespace }.hasPrefix("{\"sysstat\"")
  }

  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws {
    guard text.count < 256 << 20 else { throw LineProblem("more than 256 MiB of JSON") }
    text.append(contentsOf: line)
    text.append(10)
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    guard let root = try? JSONDecoder().decode(JSONValue.self, from: text) else {
      throw LineProblem("the JSON is cut off or damaged")
    }
    var count = 0
    for host in root["sysstat"]?["hosts"]?.items ?? [] {
      if let processors = host["number-of-cpus"]?.number {
        readings.add(.processors, processors, at: 0)
      }
      let entries = host["statistics"]?.items ?? []
      // The first report of iostat is of the time since the boot.
      let isSinceBoot = entries.count > 1 && entries.contains(where: Self.isOfIostat)
      for (index, entry) in entries.enumerated() where index > 0 || !isSinceBoot {
        for row in Self.rows(entry, at: Double(index)) {
          row.enter(into: &readings)
          count += 1
        }
      }
    }
    return count
  }

  private static func isOfIostat(_ entry: JSONValue) -> Bool {
    entry["avg-cpu"] != nil || entry["disk"]?.items?.first?["disk_device"] != nil
  }

  /// As the rows of sar's tables.
  private static func rows(_ entry: JSONValue, at time: Double) -> [SysstatRow] {
    func row(_ value: JSONValue?, _ rename: (String) -> String, label: String = "") -> [SysstatRow]
    {
      guard let members = value?.members else { return [] }
      var row = SysstatRow(time: time, report: 0)
      for (key, member) in members {
        if let number = member.number { row.values[rename(key)] = number }
        if let text = member.string { row.labels[label.isEmpty ? key : label] = text }
      }
      return [row]
    }
    let processors = (entry["cpu-load"] ?? entry["cpu-load-all"])?.items ?? []
    let network = entry["network"]
    return processors.filter { $0["cpu"]?.string == "all" }.flatMap { row($0) { "%" + $0 } }
      + row(entry["avg-cpu"]) { "%" + $0 }
      + row(entry["process-and-context-switch"]) { $0 + "/s" }
      + row(entry["swap-pages"]) { $0 + "/s" }
      + row(entry["memory"]) {
        [
          "memfree": "kbmemfree", "memused": "kbmemused", "avail": "kbavail",
          "memused-percent": "%memused",
        ][$0] ?? $0
      }
      + row(entry["queue"]) { $0 }
      + (entry["disk"]?.items ?? []).flatMap {
        row($0, disk, label: "DEV")
      }
      + (network?["net-dev"]?.items ?? []).flatMap { row($0, { $0 + "/s" }, label: "IFACE") }
      + (network?["net-edev"]?.items ?? []).flatMap { row($0, { $0 + "/s" }, label: "IFACE") }
      + row(network?["net-tcp"]) { $0 + "/s" } + row(network?["net-etcp"]) { $0 + "/s" }
  }

  private static func disk(_ key: String) -> String {
    switch key {
    case "util-percent", "util": "%util"
    case "rkB", "wkB", "rd_sec", "wr_sec": key + "/s"
    default: key
    }
  }
}

/// Any JSON.
enum JSONValue: Decodable {
  case object([String: JSONValue])
  case array([JSONValue])
  case text(String)
  case value(Double)
  case other

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Key.self) {
      var members: [String: JSONValue] = [:]
      for key in container.allKeys {
        members[key.stringValue] = try container.decode(JSONValue.self, forKey: key)
      }
      self = .object(members)
    } else if var container = try? decoder.unkeyedContainer() {
      var items: [JSONValue] = []
      while !container.isAtEnd { items.append(try container.decode(JSONValue.self)) }
      self = .array(items)
    } else {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .value(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  subscript(_ name: String) -> JSONValue? { members?[name] }

  var members: [String: JSONValue]? {
    if case .object(let members) = self { return members }
    return nil
  }

  var items: [JSONValue]? {
    if case .array(let items) = self { return items }
    return nil
  }

  var string: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  var number: Double? {
    if case .value(let number) = self { return number }
    return nil
  }
}

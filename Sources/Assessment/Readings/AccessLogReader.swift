import Glibc

/// Access logs in the common and the combined format with the time of each request behind it: with
/// decimals in seconds (nginx, `$request_time`), without in microseconds (Apache, `%D`), or with `ms`
/// (Traefik). And HAProxy's log of HTTP.
///
/// Source: Apache HTTP Server, mod_log_config; nginx, ngx_http_log_module.
struct AccessLogReader: LineReader {
  static let format = "access log"
  /// Routes that are kept apart.
  private static let mostRoutes = 5_000

  private var logs: [RouteLog] = []
  private var index: [UInt64: Int] = [:]
  private var decimals = 0
  private var integers = 0
  private var longest = 0
  private var odd = 0
  private var count = 0

  static func recognises(_ head: [Substring]) -> Bool {
    head.prefix(20).contains { line in
      if Array(line.utf8).withUnsafeBytes({ LogEntry(haproxy: $0) }) != nil { return true }
      guard let open = line.firstIndex(of: "["), let quote = line.firstIndex(of: "\"") else {
        return false
      }
      return open < quote && line[open...].contains("] \"") && line[..<open].words.count >= 2
    }
  }

  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws {
    guard !line.isEmpty else { return }
    guard let entry = LogEntry(line) ?? LogEntry(haproxy: line) else {
      odd += 1
      if odd > 100, odd > count {
        throw LineProblem("most lines are not of the common or combined log format")
      }
      return
    }
    count += 1
    switch entry.time {
    case .seconds: decimals += 1
    case .integer(let value):
      integers += 1
      longest = max(longest, value)
    case nil: break
    }
    let route = route(entry, line)
    logs[route].add(status: entry.status, bytes: entry.bytes, microseconds: entry.time?.value)
  }

  private mutating func route(_ entry: LogEntry, _ line: UnsafeRawBufferPointer) -> Int {
    let hash = entry.hash(in: line)
    if let known = index[hash] { return known }
    let isOther = logs.count >= Self.mostRoutes
    let name = isOther ? "other routes" : entry.route(in: line)
    if isOther, let other = logs.lastIndex(where: { $0.route == name }) {
      return other
    }
    logs.append(RouteLog(name))
    index[hash] = logs.count - 1
    return logs.count - 1
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    let isClear = decimals == 0 || integers == 0
    // Integers of microseconds are large where there are many.
    let hasTimes = isClear && (decimals > 0 || (integers > 0 && (longest >= 1_000 || count < 20)))
    if !hasTimes, decimals + integers > 0 {
      readings.unread.append(
        isClear
          ? "the access log's times are integers below 1,000: whether of seconds, milliseconds or "
            + "microseconds can't be known, so they are left out"
          : "the access log's times are partly with decimals and partly without; they are left out")
    }
    if hasTimes, integers > 0 {
      readings.assumed.append(
        "the first integer behind a request of the access log is its time in microseconds "
          + "(Apache's %D)")
    }
    if odd > 0 { readings.unread.append("\(odd) lines of the access log are in another format") }
    for var log in logs {
      log.finish(hasTimes: hasTimes)
      readings.routes[log.route] = log
    }
    return count
  }
}

/// A line of an access log, by its places.
struct LogEntry {
  enum Time {
    case seconds(microseconds: Int)
    case integer(Int)

    var value: Int {
      switch self {
      case .seconds(let value), .integer(let value): value
      }
    }
  }

  private let method: Range<Int>
  private let path: Range<Int>
  let status: Int
  let bytes: Int
  let time: Time?

  init(method: Range<Int>, path: Range<Int>, status: Int, bytes: Int, time: Time?) {
    (self.method, self.path, self.status) = (method, path, status)
    (self.bytes, self.time) = (bytes, time)
  }

  /// Nil where the line has another form.
  init?(_ line: UnsafeRawBufferPointer) {
    guard let bracket = Self.find(UInt8(ascii: "]"), in: line, from: 0),
      bracket + 2 < line.count, line[bracket + 2] == UInt8(ascii: "\"")
    else { return nil }
    let start = bracket + 3
    guard let close = Self.closing(line, from: start),
      let request = Self.request(line, start..<close)
    else { return nil }
    var place = close + 1
    guard let status = Self.integer(line, &place), (100...999).contains(status) else { return nil }
    let bytes = Self.integer(line, &place) ?? 0
    self.init(
      method: request.method, path: request.path, status: status, bytes: bytes,
      time: Self.time(line, from: place))
  }

  /// `GET /path?query HTTP/1.1`
  static func request(
    _ line: UnsafeRawBufferPointer, _ range: Range<Int>
  ) -> (method: Range<Int>, path: Range<Int>)? {
    let (start, close) = (range.lowerBound, range.upperBound)
    guard let space = find(UInt8(ascii: " "), in: line, from: start), space < close else {
      return nil
    }
    var end = space + 1
    while end < close, line[end] != UInt8(ascii: " "), line[end] != UInt8(ascii: "?") { end += 1 }
    return (start..<space, space + 1..<end)
  }

  static func find(_ byte: UInt8, in line: UnsafeRawBufferPointer, from: Int) -> Int? {
    guard from < line.count, let base = line.baseAddress,
      let found = memchr(base + from, Int32(byte), line.count - from)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  private static func closing(_ line: UnsafeRawBufferPointer, from: Int) -> Int? {
    var place = from
    while let quote = find(UInt8(ascii: "\""), in: line, from: place) {
      if line[quote - 1] != UInt8(ascii: "\\") { return quote }
      place = quote + 1
    }
    return nil
  }

  /// The number behind spaces; a dash is none.
  static func integer(_ line: UnsafeRawBufferPointer, _ place: inout Int) -> Int? {
    while place < line.count, line[place] == 32 { place += 1 }
    let start = place
    var value = 0
    while place < line.count, line[place] &- 48 < 10, value < 1 << 50 {
      value = value * 10 + Int(line[place] &- 48)
      place += 1
    }
    if place == start, place < line.count, line[place] == UInt8(ascii: "-") { place += 1 }
    return place > start && line[start] != UInt8(ascii: "-") ? value : nil
  }

  /// The first word outside of quotation marks that is a number with decimals or with its unit, else
  /// the first that is an integer; perhaps behind a name, as in `rt=0.004` and `rt="0.004"`.
  private static func time(_ line: UnsafeRawBufferPointer, from: Int) -> Time? {
    let quote = UInt8(ascii: "\"")
    var integer: Time?
    var place = from
    while place < line.count {
      if line[place] == 32 {
        place += 1
      } else if line[place] == quote {
        place = closing(line, from: place + 1).map { $0 + 1 } ?? line.count
      } else {
        var (start, end) = (place, place)
        while end < line.count, line[end] != 32 {
          if line[end] == UInt8(ascii: "=") { start = end + 1 }
          end += 1
        }
        place = end
        if end - start >= 2, line[start] == quote, line[end - 1] == quote {
          (start, end) = (start + 1, end - 1)
        }
        switch number(line, start..<end) {
        case .seconds(let microseconds): return .seconds(microseconds: microseconds)
        case .integer(let value): integer = integer ?? .integer(value)
        case nil: break
        }
      }
    }
    return integer
  }

  private static func number(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Time? {
    // Traefik writes `12ms`.
    if range.count > 2, line[range.upperBound - 2] == UInt8(ascii: "m"),
      line[range.upperBound - 1] == UInt8(ascii: "s"),
      case .integer(let value) = number(line, range.lowerBound..<range.upperBound - 2)
    {
      return .seconds(microseconds: 1_000 * min(value, 1 << 50))
    }
    guard !range.isEmpty else { return nil }
    var (value, decimals, isDecimal) = (0, 0, false)
    for index in range {
      let byte = line[index]
      if byte == UInt8(ascii: "."), !isDecimal {
        isDecimal = true
      } else if byte &- 48 < 10, value < 1 << 50 {
        if isDecimal, decimals == 6 { continue }
        value = value * 10 + Int(byte &- 48)
        if isDecimal { decimals += 1 }
      } else {
        return nil
      }
    }
    guard isDecimal else { return .integer(value) }
    for _ in decimals..<6 where value < 1 << 50 { value *= 10 }
    return .seconds(microseconds: value)
  }

  /// Whether a part of a path is the number or key of something.
  private static func isKey(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    var (digits, hexadecimal) = (0, 0)
    for index in range {
      let byte = line[index]
      if byte &- 48 < 10 { digits += 1 }
      if byte &- 48 < 10 || (byte | 32) &- 97 < 6 || byte == 45 { hexadecimal += 1 }
    }
    return digits == range.count || (range.count >= 16 && hexadecimal == range.count)
  }

  private func parts(_ line: UnsafeRawBufferPointer, _ body: (Range<Int>, Bool) -> Void) {
    var start = path.lowerBound
    for index in path where line[index] == UInt8(ascii: "/") {
      if index > start { body(start..<index, Self.isKey(line, start..<index)) }
      start = index + 1
    }
    if start < path.upperBound {
      body(start..<path.upperBound, Self.isKey(line, start..<path.upperBound))
    }
  }

  /// FNV-1a of the route.
  func hash(in line: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for index in method { add(line[index]) }
    parts(line) { range, isKey in
      add(47)
      if isKey { add(58) } else { for index in range { add(line[index]) } }
    }
    return hash
  }

  func route(in line: UnsafeRawBufferPointer) -> String {
    var text = String(decoding: line[method], as: UTF8.self) + " "
    var isEmpty = true
    parts(line) { range, isKey in
      isEmpty = false
      text += "/" + (isKey ? ":id" : String(decoding: line[range], as: UTF8.self))
    }
    return isEmpty ? text + "/" : text
  }
}

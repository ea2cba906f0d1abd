import Glibc

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
  /// The status of a request whose client has left before the response, which proxies write as 0.
  static let left = 499
  /// Whether the first two integers behind it may be the bytes received and sent with all headers.
  let endsInTraffic: Bool

  init(
    method: Range<Int>, path: Range<Int>, status: Int, bytes: Int, time: Time?,
    endsInTraffic: Bool = false
  ) {
    (self.method, self.path, self.status) = (method, path, status)
    (self.bytes, self.time, self.endsInTraffic) = (bytes, time, endsInTraffic)
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
    let (time, second) = Self.time(line, from: place)
    var endsInTraffic = false
    if case .integer(let received) = time, let second {
      endsInTraffic = 40...8_190 ~= received && 40...4_000 ~= second - bytes
    }
    self.init(
      method: request.method, path: request.path, status: status, bytes: bytes, time: time,
      endsInTraffic: endsInTraffic)
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

  /// The quotation mark that ends a string; behind an odd number of backslashes it belongs to it.
  static func closing(_ line: UnsafeRawBufferPointer, from: Int) -> Int? {
    var place = from
    while let quote = find(UInt8(ascii: "\""), in: line, from: place) {
      var start = quote
      while start > from, line[start - 1] == UInt8(ascii: "\\") { start -= 1 }
      if (quote - start).isMultiple(of: 2) { return quote }
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
  /// the first that is an integer; perhaps behind a name, as in `rt=0.004` and `rt="0.004"`. And the
  /// second that is an integer, if both have no name.
  private static func time(
    _ line: UnsafeRawBufferPointer, from: Int
  ) -> (time: Time?, second: Int?) {
    let quote = UInt8(ascii: "\"")
    var integer: Time?
    var second: Int?
    var isNamed = false
    var place = from
    while place < line.count {
      if line[place] == 32 {
        place += 1
      } else if line[place] == quote {
        place = closing(line, from: place + 1).map { $0 + 1 } ?? line.count
      } else {
        let word = place
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
        case .seconds(let microseconds): return (.seconds(microseconds: microseconds), nil)
        case .integer(let value) where integer == nil:
          integer = .integer(value)
          isNamed = start != word
        case .integer(let value) where !isNamed && start == word: second = second ?? value
        case .integer: break
        case nil: break
        }
      }
    }
    return (integer, second)
  }

  static func number(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Time? {
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
      // PHP writes `\/` in JSON.
      let end = index > start && line[index - 1] == UInt8(ascii: "\\") ? index - 1 : index
      if end > start { body(start..<end, Self.isKey(line, start..<end)) }
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

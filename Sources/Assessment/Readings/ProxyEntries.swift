extension LogEntry {
  /// A line of Envoy's: the time, the request, status and flags; outside of quotation marks the first
  /// three integers behind them are bytes received and sent, and the milliseconds that it took.
  ///
  /// Source: Envoy 1.18, Access logging, Default Format String; Istio adds words before the integers.
  init?(envoy line: UnsafeRawBufferPointer) {
    let quote = UInt8(ascii: "\"")
    // The time as 2026-11-29T06:00:00.310Z: others begin with brackets too.
    guard line.first == UInt8(ascii: "["), line.count > 12, line[5] == UInt8(ascii: "-"),
      line[11] == UInt8(ascii: "T"),
      let open = Self.find(quote, in: line, from: 0),
      let close = Self.closing(line, from: open + 1),
      let request = Self.request(line, open + 1..<close)
    else { return nil }
    var place = close + 1
    guard let status = Self.integer(line, &place), status == 0 || 100...999 ~= status else {
      return nil
    }
    var integers: [Int] = []
    while integers.count < 3, place < line.count {
      if line[place] == quote {
        place = Self.closing(line, from: place + 1).map { $0 + 1 } ?? line.count
      } else {
        let end = Self.find(32, in: line, from: place) ?? line.count
        if case .integer(let value) = Self.number(line, place..<end) { integers.append(value) }
        place = end + 1
      }
    }
    guard integers.count == 3 else { return nil }
    self.init(
      method: request.method, path: request.path, status: status == 0 ? Self.left : status,
      bytes: integers[1],
      time: .seconds(microseconds: 1_000 * min(integers[2], 1 << 50)))
  }

  /// A line of HAProxy's HTTP log: five times in milliseconds with slashes between them, the last of
  /// the whole request; behind them status and bytes; the request at the end, in quotation marks.
  ///
  /// Source: HAProxy 2.8 configuration manual, section 8.2.3.
  init?(haproxy line: UnsafeRawBufferPointer) {
    let quote = UInt8(ascii: "\"")
    guard let (times, end) = Self.times(line), let close = line.lastIndex(of: quote),
      close > end, let open = line[..<close].lastIndex(of: quote), open > end,
      let request = Self.request(line, open + 1..<close)
    else { return nil }
    var place = end
    guard let status = Self.integer(line, &place), (100...999).contains(status) else { return nil }
    self.init(
      method: request.method, path: request.path, status: status,
      bytes: Self.integer(line, &place) ?? 0,
      time: .seconds(microseconds: 1_000 * min(times, 1 << 50)))
  }

  /// The last of five numbers with slashes between them, and where they end.
  private static func times(_ line: UnsafeRawBufferPointer) -> (last: Int, end: Int)? {
    var start = 0
    while let space = find(UInt8(ascii: " "), in: line, from: start) {
      let word = line[start..<space]
      let isTimes = word.allSatisfy { $0 &- 48 < 10 || "/-+".utf8.contains($0) }
      if isTimes, word.count(where: { $0 == UInt8(ascii: "/") }) == 4,
        var last = word.lastIndex(of: UInt8(ascii: "/")).map({ $0 + 1 })
      {
        // Of a request that goes on, which is logged early.
        if line[last] == UInt8(ascii: "+") { last += 1 }
        return integer(line, &last).map { ($0, space) }
      }
      start = space + 1
    }
    return nil
  }
}

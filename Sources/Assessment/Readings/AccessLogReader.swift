/// Access logs in the common and the combined format with the time of each request behind it: with
/// decimals in seconds (nginx, `$request_time`), without in microseconds (Apache, `%D`), or with `ms`
/// (Traefik). And the logs of HAProxy and Envoy, and objects of JSON.
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
  private var traffic = 0
  private var odd = 0
  private var count = 0

  static func recognises(_ head: [Substring]) -> Bool {
    head.contains { line in
      let bytes = Array(line.utf8)
      let entry = bytes.withUnsafeBytes {
        LogEntry(json: $0) ?? LogEntry(envoy: $0) ?? LogEntry(haproxy: $0)
      }
      if entry != nil { return true }
      guard let open = line.firstIndex(of: "["), let quote = line.firstIndex(of: "\"") else {
        return false
      }
      return open < quote && line[open...].contains("] \"") && line[..<open].words.count >= 2
    }
  }

  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws {
    guard !line.isEmpty else { return }
    // Those that a line's first byte excludes, then the most common one.
    guard
      let entry = LogEntry(json: line) ?? LogEntry(envoy: line) ?? LogEntry(line)
        ?? LogEntry(haproxy: line)
    else {
      odd += 1
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
    if entry.endsInTraffic { traffic += 1 }
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
    guard count > 0, odd <= 10 * count else {
      throw LineProblem("most lines are of no known format of access logs")
    }
    let isTraffic = decimals == 0 && integers > 0 && traffic * 5 >= integers * 4
    let isClear = decimals == 0 || integers == 0
    // Integers of microseconds are large where there are many.
    let untimed = Double(count - decimals - integers) / Double(count)
    let hasTimes =
      isClear && !isTraffic && untimed <= 0.05
      && (decimals > 0 || (integers > 0 && (longest >= 1_000 || count < 20)))
    if isTraffic {
      readings.unread.append(
        "the access log ends in what may be bytes received and sent (Apache's combinedio) and no "
          + "times; log the time with its name, as D=%D")
    } else if untimed > 0 {
      readings.unread.append(
        untimed == 1
          ? "the access log has no times of requests, or times of unknown unit"
          : "\(Text.percent(untimed)) of the requests of the access log have no time, or one of "
            + "unknown unit" + (hasTimes ? "" : ": the others' times are left out"))
    } else if !hasTimes {
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
    if odd > 0 {
      readings.unread.append(
        Text.counted(Double(odd), "line") + " of the access log in another format, or of no request"
      )
    }
    for var log in logs {
      log.finish(hasTimes: hasTimes)
      readings.routes[log.route] = log
    }
    return count
  }
}

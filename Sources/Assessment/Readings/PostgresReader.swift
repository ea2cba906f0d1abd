import Results

/// What PostgreSQL writes as CSV: the views `pg_stat_statements` and `pg_stat_activity` with a line of
/// column names (`COPY … TO … CSV HEADER`, `psql --csv`), and its log (`log_destination = csvlog`).
///
/// Source: PostgreSQL 9.6 to 18, F.32 pg_stat_statements, 27.2 pg_stat_activity, 19.8.4 CSV logs.
struct PostgresReader: LineReader {
  static let format = "PostgreSQL"

  private enum Content {
    case statements, activity, log
  }

  private var pending: [UInt8] = []
  private var isQuoted = false
  private var columns: [String]?
  private var content: Content?
  private var count = 0
  private var logged: [String: Readings.Statement] = [:]

  static func recognises(_ head: [Substring]) -> Bool {
    guard let first = head.first else { return false }
    return content(of: first) != nil
  }

  private static func content(of line: Substring) -> Content? {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.filter { $0 != "\"" && $0 != "\r" }
    }
    if fields.contains("calls"), fields.contains("query") { return .statements }
    if fields.contains("wait_event_type"), fields.contains("state") { return .activity }
    let date = fields[0]
    let isDated =
      date.count > 19 && date.dropFirst(4).first == "-" && date.dropFirst(10).first == " "
      && date.prefix(4).allSatisfy(\.isNumber)
    return isDated && fields.count >= 14 ? .log : nil
  }

  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws {
    if !pending.isEmpty { pending.append(10) }
    pending.append(contentsOf: line)
    for byte in line where byte == UInt8(ascii: "\"") { isQuoted.toggle() }
    guard !isQuoted else {
      guard pending.count < 16 << 20 else { throw LineProblem("a quotation mark is not closed") }
      return
    }
    defer { pending.removeAll(keepingCapacity: true) }
    guard let fields = CSV.records(pending).first else { return }
    if content == nil {
      content = Self.content(of: String(decoding: pending, as: UTF8.self)[...])
      if content != .log {
        columns = fields
        return
      }
    }
    switch content {
    case .log: log(fields, &readings)
    case .statements: statement(fields, &readings)
    case .activity: activity(fields, &readings)
    case nil: break
    }
  }

  private func field(_ fields: [String], _ names: String...) -> String? {
    for name in names {
      if let place = columns?.firstIndex(of: name), place < fields.count { return fields[place] }
    }
    return nil
  }

  private mutating func statement(_ fields: [String], _ readings: inout Readings) {
    // Until version 12 there is one time, of execution; later also one of planning.
    guard let text = field(fields, "query"),
      let calls = field(fields, "calls").flatMap(Double.init),
      let time = field(fields, "total_exec_time", "total_time").flatMap(Double.init)
    else { return }
    let rows = field(fields, "rows").flatMap(Double.init) ?? 0
    let blocks = ["shared_blks_hit", "shared_blks_read"].reduce(0.0) {
      $0 + (field(fields, $1).flatMap(Double.init) ?? 0)
    }
    readings.statements.append(
      .init(text: text, calls: calls, seconds: time / 1_000, rows: rows, blocks: blocks))
    count += 1
  }

  private mutating func activity(_ fields: [String], _ readings: inout Readings) {
    guard let state = field(fields, "state") else { return }
    let kind = field(fields, "wait_event_type") ?? ""
    let event = field(fields, "wait_event") ?? ""
    let wait = kind.isEmpty || kind == "Client" ? "" : " waits for \(kind) \(event)"
    readings.sessions["\(state.isEmpty ? "background" : state)\(wait)", default: 0] += 1
    count += 1
  }

  private mutating func log(_ fields: [String], _ readings: inout Readings) {
    guard fields.count >= 14 else { return }
    count += 1
    let message = fields[13]
    if ["ERROR", "FATAL", "PANIC"].contains(fields[11]) {
      readings.sessions["log: \(fields[11]) \(fields[12])", default: 0] += 1
    }
    guard message.hasPrefix("duration: "), let space = message.dropFirst(10).firstIndex(of: " "),
      let milliseconds = Double(message.dropFirst(10)[..<space])
    else { return }
    let rest = message[space...]
    guard let colon = rest.firstIndex(of: ":") else { return }
    let text = Self.normal(rest[rest.index(after: colon)...])
    logged[text, default: .init(text: text, calls: 0, seconds: 0, rows: 0, blocks: 0)].calls += 1
    logged[text]?.seconds += milliseconds / 1_000
  }

  /// Numbers and texts become `?`, so that calls of one statement are one.
  static func normal(_ text: Substring) -> String {
    var result = ""
    var isText = false
    var last: Character = " "
    for character in text.prefix(500) {
      if character == "'" {
        if isText { result.append("?") }
        isText.toggle()
      } else if !isText {
        if character.isNumber, !last.isLetter, last != "_" {
          if last != "?" { result.append("?") }
          last = "?"
          continue
        }
        if character.isNumber, last == "?" { continue }
        let isSpace = character.isWhitespace
        if !isSpace || !(result.isEmpty || result.last == " ") {
          result.append(isSpace ? " " : character)
        }
      }
      last = character
    }
    return result
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    if isQuoted {
      readings.unread.append("the last record of the CSV is cut off; it is left out")
    }
    readings.statements += logged.values.sorted { $0.text < $1.text }
    return count
  }
}

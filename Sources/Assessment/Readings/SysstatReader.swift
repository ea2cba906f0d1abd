/// The tables of mpstat, iostat, pidstat and sar. Columns are known by their names, which differ
/// between versions; those that are not known are left out.
///
/// Source: sysstat 10.0 to 12.7, manual pages of mpstat, iostat, pidstat and sar.
struct SysstatReader: TextReader {
  static let format = "sysstat"

  private var time = DayTime()
  private var now = 0.0
  private var numbers = NumberReader()
  private var columns: [String] = []
  private var rows: [SysstatRow] = []
  private var averages: [SysstatRow] = []
  private var reports = 0
  private var isTimed = false
  private var hasProcessors = false
  private var processors = 0.0

  static func recognises(_ head: [Substring]) -> Bool {
    head.prefix(40).contains { line in
      line.hasPrefix("Linux ") && line.hasSuffix("CPU)")
    } || head.prefix(40).contains { isHeader(strip($0.words).words) }
  }

  /// Without its time and its colon.
  private static func strip(_ words: [Substring]) -> (words: [Substring], isAverage: Bool) {
    var day = DayTime()
    if words.first == "Average:" { return (Array(words.dropFirst()), true) }
    if let time = day.take(words) { return (Array(words.dropFirst(time.words)), false) }
    if words.first == "avg-cpu:" { return (Array(words.dropFirst()), false) }
    return (words, false)
  }

  private static func isHeader(_ words: [Substring]) -> Bool {
    let known: Set<Substring> = [
      "%idle", "%util", "runq-sz", "kbmemfree", "%CPU", "RSS", "cswch/s", "pswpin/s", "rxkB/s",
      "rxerr/s", "passive/s", "retrans/s", "%scpu", "%fio", "%fmem", "iodelay",
    ]
    return words.contains { known.contains($0) }
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    let words = text.words
    guard !words.isEmpty else { return }
    if text.hasPrefix("Linux ") {
      if let open = text.lastIndex(of: "("),
        let count = Double(text[text.index(after: open)...].prefix { $0.isNumber })
      {
        processors = count
      }
      return
    }
    if let stamp = time.take(words) {
      now = stamp.seconds
      isTimed = true
    }
    let (rest, isAverage) = Self.strip(words)
    if Self.isHeader(rest) {
      columns = rest.map { $0.hasSuffix(":") ? String($0.dropLast()) : String($0) }
      // iostat begins each of its reports with the processors, or with devices only.
      hasProcessors = hasProcessors || text.hasPrefix("avg-cpu")
      if text.hasPrefix("avg-cpu") || (columns.first == "Device" && !hasProcessors) {
        reports += 1
      }
      return
    }
    guard !columns.isEmpty, rest.count >= columns.count else { return }
    var row = SysstatRow(time: isTimed ? now : Double(reports), report: reports)
    for (column, word) in zip(columns, rest) {
      if let value = numbers.number(word) {
        row.values[column] = value
      } else {
        row.labels[column] = String(word)
      }
    }
    if columns.last == "Command" {
      row.labels["Command"] = rest[(columns.count - 1)...].joined(separator: " ")
    }
    if columns.first == "CPU" || columns.contains("%iowait"), row.labels["CPU"] == nil,
      let cpu = row.values["CPU"], cpu >= 0
    {
      return
    }
    if isAverage { averages.append(row) } else { rows.append(row) }
    guard rows.count < 20_000_000 else { throw LineProblem("more than 20 million rows") }
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    if numbers.isMixed { throw AssessmentError.mixedDecimals("") }
    if processors > 0 { readings.add(.processors, processors, at: 0) }
    // The first report of iostat without times is of the time since the boot.
    let first = rows.map(\.report).min() ?? 0
    let later = isTimed ? rows : rows.filter { $0.report > first }
    var used = later.isEmpty ? rows : later
    if used.isEmpty { used = averages }
    var segments = 0.0
    for row in used { row.enter(into: &readings, &segments) }
    return used.count
  }
}

/// A line of a table.
struct SysstatRow {
  var time: Double
  var report: Int
  var values: [String: Double] = [:]
  var labels: [String: String] = [:]

  private func sum(_ names: String...) -> Double { names.reduce(0) { $0 + (values[$1] ?? 0) } }
  private func first(_ names: String...) -> Double? { names.lazy.compactMap { values[$0] }.first }

  func enter(into readings: inout Readings, _ segments: inout Double) {
    processor(&readings)
    if values["%util"] != nil { disk(&readings) }
    if let length = values["runq-sz"] { readings.add(.runnable, length, at: time) }
    if let free = values["kbmemfree"] {
      let used = values["kbmemused"] ?? 0
      let available = values["kbavail"] ?? free + sum("kbbuffers", "kbcached")
      readings.add(.memoryTotal, (free + used) * 1_024, at: time)
      if free + used > 0 {
        readings.add(.memoryAvailable, min(1, available / (free + used)), at: time)
      }
    }
    if values["pswpin/s"] != nil {
      readings.add(.swapping, sum("pswpin/s", "pswpout/s"), at: time)
    }
    if values["proc/s"] != nil, let rate = values["cswch/s"] {
      readings.add(.switches, rate, at: time)
    }
    if let share = values["%scpu"] { readings.add(.cpuPressure, share / 100, at: time) }
    if let share = values["%sio"] { readings.add(.ioPressure, share / 100, at: time) }
    if let share = values["%smem"] { readings.add(.memoryPressure, share / 100, at: time) }
    network(&readings, &segments)
    process(&readings)
  }

  private func processor(_ readings: inout Readings) {
    guard let idle = values["%idle"] else { return }
    let wait = values["%iowait"] ?? 0
    readings.add(.cpuBusy, max(0, 100 - idle - wait) / 100, at: time)
    readings.add(.cpuUser, sum("%usr", "%user", "%nice", "%guest", "%gnice") / 100, at: time)
    readings.add(.cpuSystem, sum("%sys", "%system", "%irq", "%soft") / 100, at: time)
    readings.add(.cpuWait, wait / 100, at: time)
    readings.add(.cpuSteal, sum("%steal") / 100, at: time)
  }

  private func disk(_ readings: inout Readings) {
    let name = labels["Device"] ?? labels["DEV"] ?? ""
    readings.add(.diskBusy, name, sum("%util") / 100, at: time)
    if let queue = first("aqu-sz", "avgqu-sz") { readings.add(.diskQueue, name, queue, at: time) }
    let operations = first("tps") ?? sum("r/s", "w/s")
    readings.add(.diskOperations, name, operations, at: time)
    if let flushes = values["f/s"] { readings.add(.diskFlushes, name, flushes, at: time) }
    // Some versions have both units.
    let kilobytes = sum("rkB/s", "wkB/s") * 1_024 + sum("rMB/s", "wMB/s") * 1_048_576
    let sectors = sum("rsec/s", "wsec/s", "rd_sec/s", "wr_sec/s") * 512
    readings.add(.diskBytes, name, kilobytes > 0 ? kilobytes : sectors, at: time)
    var wait = values["await"]
    if wait == nil, operations > 0, let read = values["r_await"], let write = values["w_await"] {
      wait = (read * sum("r/s") + write * sum("w/s")) / operations
    }
    if let wait { readings.add(.diskWait, name, wait / 1_000, at: time) }
  }

  private func network(_ readings: inout Readings, _ segments: inout Double) {
    if let name = labels["IFACE"] {
      if values["rxkB/s"] != nil {
        readings.add(.networkBytes, name, sum("rxkB/s", "txkB/s") * 1_024, at: time)
      }
      if values["rxerr/s"] != nil {
        let errors = sum("rxerr/s", "txerr/s", "rxdrop/s", "txdrop/s", "rxfifo/s", "txfifo/s")
        readings.add(.networkErrors, name, errors, at: time)
      }
    }
    if let passive = values["passive/s"] {
      readings.add(.accepted, passive, at: time)
      segments = sum("oseg/s")
    }
    if let again = values["retrans/s"], segments > 0 {
      readings.add(.retransmits, again / segments, at: time)
    }
  }

  private func process(_ readings: inout Readings) {
    guard let name = labels["Command"], let id = values["PID"] else { return }
    let process = "\(name) (\(Int(id)))"
    if let share = values["%CPU"] { readings.add(.processBusy, process, share / 100, at: time) }
    if let size = values["RSS"] { readings.add(.processMemory, process, size * 1_024, at: time) }
  }
}

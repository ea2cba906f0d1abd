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
  private var hasTimes = false
  private var hasProcessors = false
  private var processors = 0.0

  static func recognises(_ head: [Substring]) -> Bool {
    head.prefix(40).contains { line in
      line.hasPrefix("Linux ") && line.hasSuffix("CPU)")
    } || head.prefix(40).contains { isHeader(strip($0.words).words) }
  }

  /// Without its time, or the word for average, which each language has its own of.
  private static func strip(_ words: [Substring]) -> (words: [Substring], isAverage: Bool) {
    var day = DayTime()
    if let time = day.take(words) { return (Array(words.dropFirst(time.words)), false) }
    guard let first = words.first, first != "Device:" else { return (words, false) }
    if first == "avg-cpu:" { return (Array(words.dropFirst()), false) }
    if first.hasSuffix(":") { return (Array(words.dropFirst()), true) }
    // In French a space stands before the colon.
    if words.count > 1, words[1] == ":" { return (Array(words.dropFirst(2)), true) }
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
    var words = text.words
    // pidstat -h marks its header.
    if words.first == "#" { words.removeFirst() }
    guard !words.isEmpty else { return }
    if text.hasPrefix("Linux ") {
      if let open = text.lastIndex(of: "("),
        let count = Double(text[text.index(after: open)...].prefix { $0.isNumber })
      {
        processors = count
      }
      return
    }
    let stamp = time.take(words)
    if let stamp {
      now = stamp.seconds
      isTimed = true
    }
    var (rest, isAverage) = Self.strip(words)
    // Also of tables that are not known: their rows must not be taken for those of another.
    if rest.allSatisfy({ numbers.number($0) == nil }) {
      columns = rest.map { $0.hasSuffix(":") ? String($0.dropLast()) : String($0) }
      hasTimes = columns.first == "Time"
      if hasTimes { columns.removeFirst() }
      // iostat begins each of its reports with the processors, or with devices only.
      hasProcessors = hasProcessors || text.hasPrefix("avg-cpu")
      if text.hasPrefix("avg-cpu") || (columns.first == "Device" && !hasProcessors) {
        reports += 1
      }
      return
    }
    // pidstat -h of older versions has seconds since 1970.
    if hasTimes, stamp == nil, let seconds = rest.first.flatMap({ numbers.number($0) }) {
      now = seconds
      isTimed = true
      rest.removeFirst()
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
    for row in used { row.enter(into: &readings) }
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

  func enter(into readings: inout Readings) {
    processor(&readings)
    if values["%util"] != nil { disk(&readings) }
    if let length = values["runq-sz"] { readings.add(.runnable, length, at: time) }
    memory(&readings)
    if values["pswpin/s"] != nil {
      readings.add(.swapping, sum("pswpin/s", "pswpout/s"), at: time)
    }
    if values["proc/s"] != nil, let rate = values["cswch/s"] {
      readings.add(.switches, rate, at: time)
    }
    if let share = values["%scpu"] { readings.add(.cpuPressure, share / 100, at: time) }
    if let share = values["%sio"] { readings.add(.ioPressure, share / 100, at: time) }
    if let share = values["%smem"] { readings.add(.memoryPressure, share / 100, at: time) }
    network(&readings)
    process(&readings)
  }

  private func memory(_ readings: inout Readings) {
    guard let free = values["kbmemfree"], let used = values["kbmemused"] else { return }
    // Since version 12 what is used holds no buffers and caches: its share tells the whole.
    let share = sum("%memused") / 100
    let total = share > 0 ? max(free + used, used / share) : free + used
    guard total > 0 else { return }
    let available = values["kbavail"] ?? free + sum("kbbuffers", "kbcached")
    readings.add(.memoryTotal, total * 1_024, at: time)
    readings.add(.memoryAvailable, min(1, available / total), at: time)
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

  private func network(_ readings: inout Readings) {
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
      readings.add(.segments, sum("oseg/s"), at: time)
    }
    // NFS has a column with this name, too.
    if let again = values["retrans/s"], values["isegerr/s"] != nil {
      readings.add(.retransmits, again, at: time)
    }
  }

  private func process(_ readings: inout Readings) {
    guard let name = labels["Command"], let id = values["PID"] else { return }
    let process = "\(name) (\(Int(id)))"
    if let share = values["%CPU"] { readings.add(.processBusy, process, share / 100, at: time) }
    if let size = values["RSS"] { readings.add(.processMemory, process, size * 1_024, at: time) }
  }
}

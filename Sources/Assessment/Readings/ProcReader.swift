/// Files of /proc that `perflab collect` took one after the other: a line `@ SECONDS PATH` before
/// the content of each. Rates are differences of neighbours.
///
/// Source: Linux, proc(5), Documentation/admin-guide/iostats.rst, Documentation/accounting/psi.rst.
struct ProcReader: TextReader {
  static let format = "snapshots of /proc"
  /// Of the kernel's clock ticks in a second, as all processors of Linux have it.
  static let ticks = 100.0
  static let pageBytes = 4_096.0

  private var time = 0.0
  private var path = ""
  private var count = 0
  private var last: [String: (time: Double, values: [Double])] = [:]
  private var header: [Substring: [String]] = [:]
  private var processors = 0

  static func recognises(_ head: [Substring]) -> Bool {
    head.first?.hasPrefix("@ ") == true && head.first?.contains(" /proc/") == true
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    if text.hasPrefix("@ ") {
      let words = text.words
      guard words.count == 3, let seconds = Double(words[1]) else {
        throw LineProblem("'\(text.prefix(60))' is no beginning of a snapshot")
      }
      (time, path) = (seconds, String(words[2]))
      count += 1
      return
    }
    switch path {
    case "/proc/stat": stat(text.words, &readings)
    case "/proc/loadavg":
      if let tasks = text.words.dropFirst(3).first?.split(separator: "/").first.flatMap({
        Double($0)
      }) {
        // The collector itself is one of them.
        readings.add(.runnable, max(0, tasks - 1), at: time)
      }
    case "/proc/meminfo": memory(text.words, &readings)
    case "/proc/vmstat": swap(text.words, &readings)
    case "/proc/diskstats": disk(text.words, &readings)
    case "/proc/net/dev": network(text, &readings)
    case "/proc/net/snmp", "/proc/net/netstat": protocols(text.words, &readings)
    case "/proc/net/sockstat": sockets(text.words, &readings)
    case "/proc/pressure/cpu": pressure(text.words, .cpuPressure, &readings)
    case "/proc/pressure/memory": pressure(text.words, .memoryPressure, &readings)
    case "/proc/pressure/io": pressure(text.words, .ioPressure, &readings)
    default: if path.hasSuffix("/stat") { process(text, &readings) }
    }
  }

  mutating func finish(_ readings: inout Readings) throws -> Int { count }

  /// What each value has grown by per second since the last snapshot.
  private mutating func rates(_ name: String, _ values: [Double]) -> [Double]? {
    defer { last[name] = (time, values) }
    guard let before = last[name], before.values.count == values.count, time > before.time else {
      return nil
    }
    let rates = zip(values, before.values).map { ($0 - $1) / (time - before.time) }
    // A counter that fell was reset.
    return rates.contains { $0 < 0 } ? nil : rates
  }

  private mutating func stat(_ words: [Substring], _ readings: inout Readings) {
    guard let name = words.first else { return }
    if name.hasPrefix("cpu"), name != "cpu" { processors += 1 }
    if name == "ctxt" {
      if processors > 0 { readings.add(.processors, Double(processors), at: time) }
      processors = 0
      let value = words.dropFirst().compactMap { Double($0) }
      if let rate = rates("ctxt", value)?.first { readings.add(.switches, rate, at: time) }
    }
    guard name == "cpu" else { return }
    let values = words.dropFirst().prefix(8).compactMap { Double($0) }
    // Waiting for I/O may fall: it is an estimate.
    guard values.count == 8, let before = last["cpu"]?.values else {
      last["cpu"] = (time, values)
      return
    }
    last["cpu"] = (time, values)
    let grown = zip(values, before).map { max(0, $0 - $1) }
    let all = grown.reduce(0, +)
    guard all > 0 else { return }
    readings.add(.cpuBusy, (all - grown[3] - grown[4]) / all, at: time)
    readings.add(.cpuUser, (grown[0] + grown[1]) / all, at: time)
    readings.add(.cpuSystem, (grown[2] + grown[5] + grown[6]) / all, at: time)
    readings.add(.cpuWait, grown[4] / all, at: time)
    readings.add(.cpuSteal, grown[7] / all, at: time)
  }

  private mutating func memory(_ words: [Substring], _ readings: inout Readings) {
    guard words.count >= 2, let kilobytes = Double(words[1]) else { return }
    if words[0] == "MemTotal:" {
      last["total"] = (time, [kilobytes])
      readings.add(.memoryTotal, kilobytes * 1_024, at: time)
    } else if words[0] == "MemAvailable:", let total = last["total"]?.values.first, total > 0 {
      readings.add(.memoryAvailable, kilobytes / total, at: time)
    }
  }

  private mutating func swap(_ words: [Substring], _ readings: inout Readings) {
    guard words.count == 2, let value = Double(words[1]) else { return }
    if words[0] == "pswpin" || words[0] == "pswpout",
      let rate = rates(String(words[0]), [value])?.first, words[0] == "pswpout"
    {
      readings.add(.swapping, rate, at: time)
    }
  }

  private mutating func disk(_ words: [Substring], _ readings: inout Readings) {
    guard words.count >= 14 else { return }
    let name = String(words[2])
    guard !name.hasPrefix("loop"), !name.hasPrefix("ram") else { return }
    // Partitions are counted with their disk.
    if name.last?.isNumber == true, !name.hasPrefix("nvme") || name.contains("p"),
      name.hasPrefix("sd") || name.hasPrefix("vd") || name.hasPrefix("xvd")
        || name.hasPrefix("nvme")
    {
      return
    }
    var values = words.dropFirst(3).compactMap { Double($0) }
    // What is under way is no counter.
    if values.count > 8 { values[8] = 0 }
    guard let rates = rates("disk \(name)", values), rates.count >= 11 else { return }
    let operations = rates[0] + rates[4]
    readings.add(.diskOperations, name, operations, at: time)
    readings.add(.diskBytes, name, (rates[2] + rates[6]) * 512, at: time)
    readings.add(.diskBusy, name, min(1, rates[9] / 1_000), at: time)
    readings.add(.diskQueue, name, rates[10] / 1_000, at: time)
    if operations > 0 {
      readings.add(.diskWait, name, (rates[3] + rates[7]) / operations / 1_000, at: time)
    }
    // Since Linux 5.5.
    if rates.count >= 17 { readings.add(.diskFlushes, name, rates[15], at: time) }
  }

  private mutating func network(_ text: Substring, _ readings: inout Readings) {
    guard let colon = text.firstIndex(of: ":") else { return }
    let name = String(text[..<colon].words.first ?? "")
    let values = text[text.index(after: colon)...].words.compactMap { Double($0) }
    guard values.count >= 16, let rates = rates("net \(name)", values) else { return }
    readings.add(.networkBytes, name, rates[0] + rates[8], at: time)
    readings.add(.networkErrors, name, rates[2] + rates[3] + rates[10] + rates[11], at: time)
  }

  /// A line of names, and one of values.
  private mutating func protocols(_ words: [Substring], _ readings: inout Readings) {
    guard let name = words.first, name == "Tcp:" || name == "TcpExt:", words.count > 1 else {
      return
    }
    guard words[1].first?.isNumber == true || words[1].first == "-" else {
      header[name] = words.map(String.init)
      return
    }
    let wanted =
      name == "Tcp:"
      ? ["PassiveOpens", "OutSegs", "RetransSegs"] : ["ListenOverflows", "ListenDrops"]
    guard let columns = header[name] else { return }
    let values = wanted.compactMap { column in
      columns.firstIndex(of: column).flatMap { $0 < words.count ? Double(words[$0]) : nil }
    }
    guard values.count == wanted.count, let rates = rates(String(name), values) else { return }
    if name == "Tcp:" {
      readings.add(.accepted, rates[0], at: time)
      readings.add(.segments, rates[1], at: time)
      readings.add(.retransmits, rates[2], at: time)
    } else {
      readings.add(.listenDrops, rates[0] + rates[1], at: time)
    }
  }

  private func sockets(_ words: [Substring], _ readings: inout Readings) {
    guard words.first == "TCP:" else { return }
    for (word, value) in zip(words, words.dropFirst()) {
      guard let count = Double(value) else { continue }
      if word == "inuse" { readings.add(.established, count, at: time) }
      if word == "tw" { readings.add(.timeWait, count, at: time) }
    }
  }

  private mutating func pressure(
    _ words: [Substring], _ kind: Readings.Figure.Kind, _ readings: inout Readings
  ) {
    guard words.first == "some", let total = words.last?.split(separator: "=").last,
      let microseconds = Double(total),
      let rate = rates(kind.rawValue, [microseconds])?.first
    else { return }
    readings.add(kind, min(1, rate / 1e6), at: time)
  }

  private mutating func process(_ text: Substring, _ readings: inout Readings) {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return }
    let id = text[..<open].words.first ?? ""
    let name = "\(text[text.index(after: open)..<close]) (\(id))"
    // From the third field on.
    let fields = text[text.index(after: close)...].words
    guard fields.count >= 22, let user = Double(fields[11]), let system = Double(fields[12]),
      let threads = Double(fields[17]), let pages = Double(fields[21])
    else { return }
    if let rate = rates("process \(id)", [user + system])?.first {
      readings.add(.processBusy, name, rate / Self.ticks, at: time)
    }
    readings.add(.processMemory, name, pages * Self.pageBytes, at: time)
    readings.add(.processThreads, name, threads, at: time)
  }
}

import Glibc
import Platform

/// Takes snapshots of a system for a time, without privileges: the kernel's counters in `proc.txt`,
/// and an application's metrics in `metrics.txt` where it has an address for them.
public struct Collector: Sendable {
  /// Files of the whole machine.
  static let files = [
    "/proc/stat", "/proc/loadavg", "/proc/meminfo", "/proc/vmstat", "/proc/diskstats",
    "/proc/net/dev", "/proc/net/snmp", "/proc/net/netstat", "/proc/net/sockstat",
    "/proc/pressure/cpu", "/proc/pressure/memory", "/proc/pressure/io",
  ]

  /// How long.
  public var seconds: Double
  /// Between snapshots.
  public var interval: Double
  /// Processes to look at; all where empty.
  public var processes: [Int] = []
  /// Of metrics: host, port and path; nil for none.
  public var metrics: MetricsAddress?

  /// - Parameters:
  ///   - seconds: of the whole.
  ///   - interval: seconds between snapshots.
  public init(seconds: Double, interval: Double) {
    (self.seconds, self.interval) = (seconds, interval)
  }

  /// What was left out, and why.
  public struct Outcome: Sendable {
    /// How many were taken.
    public var snapshots = 0
    /// One line each.
    public var missing: [String] = []
  }

  /// Takes them, into a folder that is there or is made. An interrupt that is caught ends it early.
  /// - Throws: `AssessmentError` where nothing can be written.
  public func run(into folder: String) throws -> Outcome {
    if mkdir(folder, 0o755) != 0 && errno != EEXIST {
      throw AssessmentError.refused("\(folder) can't be made: \(SystemError.describe(errno))")
    }
    let proc = try Output("\(folder)/proc.txt")
    let exports = try metrics.map { _ in try Output("\(folder)/metrics.txt") }
    var outcome = Outcome()
    var missing: Set<String> = []
    let begin = Clock.now()
    while true {
      snapshot(to: proc, &missing)
      if let metrics, let exports {
        switch metrics.fetch() {
        case .success(let text): exports.write("# collected \(Self.now())\n" + text)
        case .failure(let error):
          // Whoever refuses is not there; whoever is silent may hang.
          if [EAGAIN, EINPROGRESS, ETIMEDOUT].contains(error.errno) {
            exports.write("# unanswered \(Self.now())\n")
          }
          missing.insert("\(error)")
        }
      }
      outcome.snapshots += 1
      let next = Double(outcome.snapshots) * interval
      guard next <= seconds else { break }
      let elapsed = Double(Clock.now() - begin) / 1e9
      if next > elapsed { usleep(UInt32((next - elapsed) * 1e6)) }
      if Interrupt.isCaught { break }
    }
    try proc.close()
    try exports?.close()
    outcome.missing = missing.sorted()
    return outcome
  }

  private func snapshot(to output: Output, _ missing: inout Set<String>) {
    let own = Int(getpid())
    let ids = (processes.isEmpty ? Self.processes() : processes).filter { $0 != own }
    for path in Self.files {
      switch TextFile.bytes(path) {
      case .success(let content):
        output.write("@ \(Self.now()) \(path)\n")
        output.write(content)
      case .failure(let error): missing.insert("\(path): \(error.reason)")
      }
    }
    for id in ids {
      let path = "/proc/\(id)/stat"
      // Whoever has ended meanwhile is none of the missing.
      guard case .success(let content) = TextFile.bytes(path), !Self.isKernel(content) else {
        continue
      }
      output.write("@ \(Self.now()) \(path)\n")
      output.write(content)
    }
  }

  /// Threads of the kernel have no memory of their own.
  private static func isKernel(_ stat: [UInt8]) -> Bool {
    guard let close = stat.lastIndex(of: UInt8(ascii: ")")) else { return true }
    let fields = String(decoding: stat[(close + 1)...], as: UTF8.self).words
    return fields.count > 20 && fields[20] == "0"
  }

  private static func processes() -> [Int] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var ids: [Int] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let id = Int(name) { ids.append(id) }
    }
    return ids.sorted()
  }

  /// Seconds since 1970, to the millisecond.
  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let milliseconds = String(time.tv_nsec / 1_000_000)
    return "\(time.tv_sec)."
      + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
  }
}

/// A file that is written from its beginning on.
final class Output {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var isWhole = true

  init(_ path: String) throws {
    guard let file = fopen(path, "we") else {
      throw AssessmentError.refused("\(path) can't be written: \(SystemError.describe(errno))")
    }
    (self.path, self.file) = (path, file)
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    if fwrite(bytes, 1, bytes.count, file) != bytes.count { isWhole = false }
  }

  func close() throws {
    guard fclose(file) == 0, isWhole else {
      throw AssessmentError.refused("\(path) can't be written: \(SystemError.describe(errno))")
    }
  }
}

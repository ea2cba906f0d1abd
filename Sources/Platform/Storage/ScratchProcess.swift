import Glibc
import Synchronization

/// A process as the name of its scratch folder says it: its number and when it started, since the
/// kernel gives a number again.
struct ScratchProcess: Equatable {
  private static let mark = "perflab-scratch"

  let processID: Int32
  /// In clock ticks since the machine started.
  let start: UInt64

  static let current = ScratchProcess(
    processID: getpid(), start: startTime(of: getpid()) ?? 0)

  init(processID: Int32, start: UInt64) {
    self.processID = processID
    self.start = start
  }

  /// Nil where a folder's name is not that of a scratch folder.
  init?(of name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 5, name.hasPrefix(Self.mark + "-"), let processID = Int32(parts[2]),
      let start = UInt64(parts[3]), UInt64(parts[4]) != nil
    else { return nil }
    self.init(processID: processID, start: start)
  }

  /// 0 where the process is gone.
  static func start(of processID: Int32) -> UInt64 { startTime(of: processID) ?? 0 }

  /// What the names of its folders begin with.
  var prefix: String { "\(Self.mark)-\(processID)-\(start)" }

  var isAlive: Bool { Self.startTime(of: processID) == start }

  /// Field 22 of `/proc/<pid>/stat` (proc(5)); nil where the process is gone or a zombie.
  private static func startTime(of processID: Int32) -> UInt64? {
    guard let text = TextFile.text("/proc/\(processID)/stat"), let name = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[name...].split(separator: " ")
    return fields.count > 20 && fields[1] != "Z" ? UInt64(fields[20]) : nil
  }
}

/// Counts within this process.
final class ProcessCounter: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}

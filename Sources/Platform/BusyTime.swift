import CPerflab
import Glibc

/// Time that processors spend on work.
public enum BusyTime {
  /// Nanoseconds that some processors were not idle since the machine started, whoever had them,
  /// other guests of the hypervisor included; summed. In steps of a clock tick (10 ms as a rule),
  /// and sampled by the kernel's timer, so that only seconds tell. Nil where the kernel does not
  /// count. Source: `/proc/stat`, proc(5).
  public static func of(cpus: [Int]) -> UInt64? { of(cpus: cpus, file: "/proc/stat") }

  static func of(cpus: [Int], file: String) -> UInt64? {
    let ticksPerSecond = perflab_ticks_per_second()
    guard ticksPerSecond > 0, case .success(let content) = TextFile.bytes(file) else { return nil }
    return content.withUnsafeBytes { text in
      var sum: UInt64 = 0
      for cpu in cpus {
        guard let ticks = ticks(of: "cpu\(cpu) ", in: text, withSteal: true) else { return nil }
        sum += ticks
      }
      return sum &* (1_000_000_000 / UInt64(ticksPerSecond))
    }
  }

  /// Processors' worth of time that other processes take now, over a third of a second. Resolution:
  /// a clock tick (10 ms as a rule) for each processor. Nil where the kernel does not count.
  static func ofOthers(over seconds: Double = 0.34) -> Double? {
    let ticksPerSecond = Double(perflab_ticks_per_second())
    guard ticksPerSecond > 0, let before = ticks() else { return nil }
    let (own, start) = (ProcessAccounting.read().cpuNanoseconds, Clock.now())
    usleep(UInt32(seconds * 1e6))
    guard let after = ticks(), after >= before else { return nil }
    let elapsed = Double(Clock.now() - start) / 1e9
    let used = Double(ProcessAccounting.read().cpuNanoseconds - own) / 1e9
    return max(0, (Double(after - before) / ticksPerSecond - used) / elapsed)
  }

  /// Busy ticks of all processors together since the machine started: user, nice, system, irq and
  /// softirq. Source: `/proc/stat`, proc(5).
  static func ticks(file: String = "/proc/stat") -> UInt64? {
    guard case .success(let content) = TextFile.bytes(file) else { return nil }
    return content.withUnsafeBytes { ticks(of: "cpu ", in: $0, withSteal: false) }
  }

  /// Of the line that begins so.
  private static func ticks(
    of line: String, in text: UnsafeRawBufferPointer, withSteal: Bool
  ) -> UInt64? {
    guard var numbers = text.after(line) else { return nil }
    var ticks: UInt64 = 0
    // user nice system idle iowait irq softirq steal
    for field in 0..<(withSteal ? 8 : 7) {
      guard let number = numbers.next() else { return nil }
      if field != 3, field != 4 { ticks += number }
    }
    return ticks
  }
}

import CPerflab

/// Time that the hypervisor gave to other guests while this machine was runnable.
public enum StealTime {
  /// Nanoseconds stolen from one processor since the machine started, in steps of a clock tick
  /// (10 ms as a rule). Nil where the kernel does not count it or there is no such processor.
  /// Source: `/proc/stat`, proc(5).
  public static func read(cpu: Int) -> UInt64? { read(cpus: [cpu]) }

  /// The same summed over some processors, with the file read once. Nil where one is missing.
  public static func read(cpus: [Int]) -> UInt64? { each(of: cpus)?.reduce(0, &+) }

  /// The same of each of some processors, in their order.
  public static func each(of cpus: [Int]) -> [UInt64]? { each(of: cpus, file: "/proc/stat") }

  static func read(cpu: Int, file: String) -> UInt64? { each(of: [cpu], file: file)?.first }

  static func each(of cpus: [Int], file: String) -> [UInt64]? {
    guard case .success(let content) = TextFile.bytes(file) else { return nil }
    let ticksPerSecond = perflab_ticks_per_second()
    guard ticksPerSecond > 0 else { return nil }
    return content.withUnsafeBytes { text in
      var stolen: [UInt64] = []
      for cpu in cpus {
        guard var numbers = text.after("cpu\(cpu) ") else { return nil }
        // user nice system idle iowait irq softirq steal
        for _ in 0..<7 where numbers.next() == nil { return nil }
        guard let ticks = numbers.next() else { return nil }
        stolen.append(ticks &* (1_000_000_000 / UInt64(ticksPerSecond)))
      }
      return stolen
    }
  }
}

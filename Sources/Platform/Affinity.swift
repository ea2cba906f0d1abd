import CPerflab

/// A refused request to run on a processor.
public struct AffinityRefused: Error, Equatable, Sendable {
  /// The processors that were asked for; empty where the cpuset itself could not be read.
  public let cpus: [Int]
  /// The kernel's error number.
  public let errno: Int32
}

/// Which processors the calling thread may use.
public enum Affinity {
  /// Restricts the calling thread to one processor.
  /// - Throws: `AffinityRefused` where the processor does not exist or the cpuset forbids it.
  public static func pin(to cpu: Int) throws(AffinityRefused) {
    let error = perflab_pin(Int32(clamping: cpu))
    if error != 0 { throw AffinityRefused(cpus: [cpu], errno: error) }
  }

  /// Restricts the calling thread to some processors.
  /// - Parameter process: of one thread, in place of the calling thread.
  public static func restrict(to cpus: [Int], process: Int32 = 0) throws(AffinityRefused) {
    var mask = [UInt8](repeating: 0, count: Int(PERFLAB_CPU_LIMIT))
    for cpu in cpus {
      guard mask.indices.contains(cpu) else { throw AffinityRefused(cpus: cpus, errno: 22) }
      mask[cpu] = 1
    }
    let error = perflab_set_affinity_of(process, mask)
    if error != 0 { throw AffinityRefused(cpus: cpus, errno: error) }
  }

  /// The processors that the calling thread may use, ascending.
  public static func allowed() throws(AffinityRefused) -> [Int] {
    var mask = [UInt8](repeating: 0, count: Int(PERFLAB_CPU_LIMIT))
    let error = perflab_get_affinity(&mask)
    if error != 0 { throw AffinityRefused(cpus: [], errno: error) }
    return mask.indices.filter { mask[$0] != 0 }
  }

  /// The processor that the calling thread runs on at this moment; -1 where the kernel won't say.
  @inlinable
  public static func currentCPU() -> Int { Int(perflab_current_cpu()) }
}

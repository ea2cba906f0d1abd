/// The hardware threads of a processor's core as `/sys` names them, for a process that needs no more
/// of the topology: hwloc takes milliseconds to read it.
public enum ThreadSiblings {
  /// The processor among them; alone where the system does not say. Source: the kernel's
  /// Documentation/ABI/stable/sysfs-devices-system-cpu.
  public static func read(cpu: Int) -> [Int] { read(cpu: cpu, root: "") }

  static func read(cpu: Int, root: String) -> [Int] {
    let path = "\(root)/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"
    return TextFile.text(path).flatMap(CPUList.parse) ?? [cpu]
  }
}

/// The caches as `/sys/devices/system/cpu/cpuN/cache` reports them, where hwloc reports none.
/// Source: the kernel's Documentation/ABI/testing/sysfs-devices-system-cpu.
enum SysCaches {
  static func read(cpus: [Int], root: String) -> [Topology.Cache] {
    var found: Set<Topology.Cache> = []
    for cpu in cpus {
      var index = 0
      while let cache = read(folder: "\(root)/sys/devices/system/cpu/cpu\(cpu)/cache/index\(index)")
      {
        if case .data(let cache) = cache { found.insert(cache) }
        index += 1
      }
    }
    return found.sorted { ($0.level, $0.cpus.first ?? 0) < ($1.level, $1.cpus.first ?? 0) }
  }

  private enum Entry {
    case data(Topology.Cache)
    /// An instruction cache, or one without a size.
    case other
  }

  private static func read(folder: String) -> Entry? {
    guard let type = TextFile.text(folder + "/type") else { return nil }
    guard type != "Instruction",
      let level = TextFile.text(folder + "/level").flatMap({ Int($0) }),
      let bytes = TextFile.text(folder + "/size").flatMap(size), bytes > 0,
      let cpus = TextFile.text(folder + "/shared_cpu_list").flatMap(CPUList.parse)
    else { return .other }
    let line = TextFile.text(folder + "/coherency_line_size").flatMap { Int($0) } ?? 0
    let ways = TextFile.text(folder + "/ways_of_associativity").flatMap { Int($0) } ?? 0
    return .data(
      Topology.Cache(
        level: level, bytes: bytes, lineBytes: line > 0 ? line : nil, cpus: cpus,
        ways: ways > 0 ? ways : nil))
  }

  /// `32K`, `1024K`, `8M` or plain bytes.
  private static func size(_ text: String) -> Int? {
    switch text.last {
    case "K": return Int(text.dropLast()).map { $0 << 10 }
    case "M": return Int(text.dropLast()).map { $0 << 20 }
    default: return Int(text)
    }
  }
}

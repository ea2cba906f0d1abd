import CHwloc
import Glibc

extension Topology {
  /// The machine that this runs on.
  /// - Throws: `TopologyError` where hwloc can't look.
  public static func current() throws(TopologyError) -> Topology {
    let source = try HwlocTopology()
    // Processors that a cpuset forbids are to be known too, so that a refusal can say which.
    try source.check("set its flags") {
      hwloc_topology_set_flags($0, UInt(HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED.rawValue))
    }
    try source.load()
    return try Topology(source, sysRoot: "")
  }

  /// A machine that is only described, for tests: `pack:2 core:8 pu:2`.
  /// - Throws: `TopologyError.badSynthetic`.
  public init(synthetic description: String) throws(TopologyError) {
    let source = try HwlocTopology()
    guard hwloc_topology_set_synthetic(source.handle, description) == 0 else {
      throw .badSynthetic(description)
    }
    try source.load()
    self = try Topology(source, sysRoot: nil)
  }

  /// Another machine, as `lstopo --of xml` wrote it.
  /// - Throws: `TopologyError.badXML` where the file is absent or damaged.
  public init(xml path: String) throws(TopologyError) {
    let source = try HwlocTopology()
    guard hwloc_topology_set_xml(source.handle, path) == 0 else {
      throw .badXML(path: path, errno: errno)
    }
    guard hwloc_topology_load(source.handle) == 0 else {
      throw .badXML(path: path, errno: EINVAL)
    }
    self = try Topology(source, sysRoot: nil)
  }

  /// - Parameter sysRoot: where `/sys` stands if this is a machine and not a description.
  private init(_ source: HwlocTopology, sysRoot: String?) throws(TopologyError) {
    var notes: [String] = []
    let packages = source.objects(HWLOC_OBJ_PACKAGE).map { object in
      Package(id: Int(object.pointee.os_index), cpus: cpuList(object.pointee.cpuset))
    }
    let nodes = source.objects(HWLOC_OBJ_NUMANODE).map { object in
      NUMANode(
        id: Int(object.pointee.os_index), cpus: cpuList(object.pointee.cpuset),
        memoryBytes: Int(clamping: object.pointee.attr.pointee.numanode.local_memory))
    }
    var coreSets = source.objects(HWLOC_OBJ_CORE).map { cpuList($0.pointee.cpuset) }
    if coreSets.isEmpty {
      coreSets = source.objects(HWLOC_OBJ_PU).map { [Int($0.pointee.os_index)] }
      notes.append("the system reports no cores: each hardware thread counts as a core")
    }
    coreSets.removeAll(where: \.isEmpty)
    guard !coreSets.isEmpty else { throw .noProcessors }
    let classes = source.efficiencyClasses()
    cores = coreSets.enumerated().map { index, cpus in
      Core(
        id: index, cpus: cpus,
        package: packages.first { $0.cpus.contains(cpus[0]) }?.id ?? 0,
        numaNode: nodes.first { $0.cpus.contains(cpus[0]) }?.id,
        efficiencyClass: classes[cpus[0]])
    }
    if packages.isEmpty { notes.append("the system reports no packages: assumed to be one") }
    self.packages =
      packages.isEmpty
      ? [Package(id: 0, cpus: coreSets.flatMap { $0 }.sorted())] : packages.sorted { $0.id < $1.id }
    numaNodes = nodes.sorted { $0.id < $1.id }
    var caches = source.caches()
    if caches.isEmpty, let sysRoot {
      caches = SysCaches.read(cpus: coreSets.flatMap { $0 }, root: sysRoot)
      notes.append(
        caches.isEmpty
          ? "neither hwloc nor /sys reports a cache" : "caches are taken from /sys, not hwloc")
    }
    self.caches = caches
    self.notes = notes
  }
}

/// Owns hwloc's handle.
private final class HwlocTopology {
  let handle: hwloc_topology_t

  init() throws(TopologyError) {
    let built = perflab_hwloc_built_version()
    let running = hwloc_get_api_version()
    guard built >> 16 == running >> 16 else {
      throw .libraryMismatch(built: built, running: running)
    }
    var topology: hwloc_topology_t?
    guard hwloc_topology_init(&topology) == 0, let topology else {
      throw .failed(step: "start", errno: errno)
    }
    handle = topology
  }

  deinit { hwloc_topology_destroy(handle) }

  func check(_ step: String, _ call: (hwloc_topology_t) -> Int32) throws(TopologyError) {
    if call(handle) != 0 { throw .failed(step: step, errno: errno) }
  }

  func load() throws(TopologyError) { try check("read the topology") { hwloc_topology_load($0) } }

  /// All objects of a type, in hwloc's order. They live as long as the topology.
  func objects(_ type: hwloc_obj_type_t) -> [hwloc_obj_t] {
    let count = hwloc_get_nbobjs_by_type(handle, type)
    guard count > 0 else { return [] }
    return (0..<UInt32(count)).compactMap { hwloc_get_obj_by_type(handle, type, $0) }
  }

  func caches() -> [Topology.Cache] {
    let levels = [
      HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE,
      HWLOC_OBJ_L5CACHE,
    ]
    return levels.flatMap { objects($0) }.compactMap { object in
      let cache = object.pointee.attr.pointee.cache
      guard cache.size > 0 else { return nil }
      return Topology.Cache(
        level: Int(cache.depth), bytes: Int(clamping: cache.size),
        lineBytes: cache.linesize > 0 ? Int(cache.linesize) : nil,
        cpus: cpuList(object.pointee.cpuset),
        // 0 where it is not known, -1 where every line may lie anywhere.
        ways: cache.associativity > 0 ? Int(cache.associativity) : nil)
    }
  }

  /// The rank of each hardware thread's kind of core; empty where there is one kind or no order.
  func efficiencyClasses() -> [Int: Int] {
    let kinds = hwloc_cpukinds_get_nr(handle, 0)
    guard kinds > 1, let set = hwloc_bitmap_alloc() else { return [:] }
    defer { hwloc_bitmap_free(set) }
    var classes: [Int: Int] = [:]
    for kind in 0..<UInt32(kinds) {
      var efficiency: Int32 = -1
      guard perflab_hwloc_cpukind(handle, kind, set, &efficiency) == 0, efficiency >= 0 else {
        return [:]
      }
      for cpu in cpuList(set) { classes[cpu] = Int(efficiency) }
    }
    return classes
  }
}

/// The members of a bitmap, ascending. An infinite bitmap ends where finite numbers do.
private func cpuList(_ set: hwloc_const_bitmap_t?) -> [Int] {
  guard let set, hwloc_bitmap_last(set) >= 0 else { return [] }
  var cpus: [Int] = []
  var cpu = hwloc_bitmap_next(set, -1)
  while cpu >= 0 {
    cpus.append(Int(cpu))
    cpu = hwloc_bitmap_next(set, cpu)
  }
  return cpus
}

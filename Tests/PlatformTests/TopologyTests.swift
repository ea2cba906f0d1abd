import Testing

@testable import Platform

@Suite struct TopologyTests {
  @Test func aSyntheticServerHasItsPackagesCoresAndThreads() throws {
    let server = try Topology(synthetic: "pack:2 core:8 pu:2")
    #expect(server.packages.map(\.id) == [0, 1])
    #expect(server.cores.count == 16)
    #expect(server.cpus == Array(0..<32))
    #expect(server.cores[3].cpus == [6, 7])
    #expect(server.core(of: 17)?.package == 1)
    #expect(server.hasSiblings)
    #expect(server.numaNodes.count == 1)
    #expect(server.core(of: 0)?.efficiencyClass == nil)
  }

  @Test func cachesKnowTheirLevelSizeLineAndSharers() throws {
    let machine = try Topology(
      synthetic: "numa:2 pack:1 l3:1(size=33554432) l2:2(size=1048576) l1:1(size=32768) core:1 pu:2"
    )
    #expect(machine.caches.map(\.level) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3])
    #expect(machine.caches(of: 0).map(\.bytes) == [32 << 10, 1 << 20, 32 << 20])
    #expect(machine.caches(of: 0)[0].lineBytes == 64)
    #expect(machine.lastLevelCache(of: 0)?.cpus == [0, 1, 2, 3])
    #expect(machine.numaNodes.map(\.cpus) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(machine.core(of: 5)?.numaNode == 1)
  }

  @Test func aMachineWithoutCachesSaysNone() throws {
    let machine = try Topology(synthetic: "pu:2")
    #expect(machine.caches.isEmpty)
    #expect(machine.lastLevelCache(of: 0) == nil)
  }

  @Test func hardwareThreadsWithoutCoresCountAsCores() throws {
    let machine = try Topology(synthetic: "pu:3")
    #expect(machine.cores.map(\.cpus) == [[0], [1], [2]])
    #expect(machine.packages.map(\.cpus) == [[0, 1, 2]])
    #expect(machine.notes.count == 2)
  }

  @Test func theKindsOfAHybridAreRanked() throws {
    let machine = try Hybrid.intel.topology()
    #expect(machine.cores.map(\.efficiencyClass) == [1, 1, 0, 0])
  }

  @Test func nonsenseIsRefused() {
    #expect(throws: TopologyError.badSynthetic("pack:two")) { try Topology(synthetic: "pack:two") }
  }

  @Test func anAbsentFileIsRefused() {
    #expect(throws: TopologyError.badXML(path: "/nonexistent.xml", errno: 2)) {
      try Topology(xml: "/nonexistent.xml")
    }
  }

  @Test(arguments: ["", "<topology", "<?xml version=\"1.0\"?><html/>", "\0\0\0"])
  func aDamagedFileIsRefused(_ text: String) throws {
    let tree = try FakeTree(["machine.xml": text])
    #expect(throws: TopologyError.self) { try Topology(xml: tree.path("machine.xml")) }
  }

  @Test func errorsAreOneLineEach() {
    let errors: [TopologyError] = [
      .libraryMismatch(built: 0x20800, running: 0x30000), .failed(step: "start", errno: 12),
      .badSynthetic("x"), .badXML(path: "x", errno: 2), .noProcessors,
    ]
    for error in errors { #expect(!error.description.contains("\n")) }
    #expect(errors[1].description == "hwloc can't start: Cannot allocate memory")
  }

  @Test func thisMachineHasWhatThisThreadMayUse() throws {
    let machine = try Topology.current()
    #expect(Set(try Affinity.allowed()).isSubset(of: machine.cpus))
    #expect(Set(machine.cpus).count == machine.cpus.count)
  }

  @Test func cachesAreReadFromSysWhenHwlocKnowsNone() throws {
    let cpu = "sys/devices/system/cpu"
    var files: [String: String] = [:]
    for (index, (type, level, size, shared)) in [
      ("Data", "1", "32K", "0"), ("Instruction", "1", "32K", "0"), ("Unified", "2", "1M", "0-1"),
      ("Unified", "3", "nonsense", "0-1"),
    ].enumerated() {
      let folder = "\(cpu)/cpu0/cache/index\(index)"
      files["\(folder)/type"] = type + "\n"
      files["\(folder)/level"] = level + "\n"
      files["\(folder)/size"] = size + "\n"
      files["\(folder)/shared_cpu_list"] = shared + "\n"
    }
    files["\(cpu)/cpu0/cache/index0/coherency_line_size"] = "64\n"
    files["\(cpu)/cpu0/cache/index0/ways_of_associativity"] = "8\n"
    files["\(cpu)/cpu0/cache/index2/ways_of_associativity"] = "0\n"
    for name in ["type", "level", "size", "shared_cpu_list"] {
      files["\(cpu)/cpu1/cache/index0/\(name)"] = files["\(cpu)/cpu0/cache/index2/\(name)"]
    }
    let tree = try FakeTree(files)
    #expect(
      SysCaches.read(cpus: [0, 1, 2], root: tree.root) == [
        Topology.Cache(level: 1, bytes: 32 << 10, lineBytes: 64, cpus: [0], ways: 8),
        Topology.Cache(level: 2, bytes: 1 << 20, lineBytes: nil, cpus: [0, 1]),
      ])
    #expect(SysCaches.read(cpus: [0], root: "/nonexistent").isEmpty)
  }

  @Test func aCoresThreadsAreReadFromSys() throws {
    let path = "sys/devices/system/cpu/cpu5/topology/thread_siblings_list"
    let tree = try FakeTree([path: "1,5\n"])
    #expect(ThreadSiblings.read(cpu: 5, root: tree.root) == [1, 5])
    #expect(ThreadSiblings.read(cpu: 4, root: tree.root) == [4])
  }

  @Test func listsOfProcessorsAreReadAndWritten() {
    #expect(CPUList.parse("0-3,8,10-11\n") == [0, 1, 2, 3, 8, 10, 11])
    #expect(CPUList.parse("2,1,2") == [1, 2])
    #expect(CPUList.parseInOrder("6, 1-2,1") == [6, 1, 2, 1])
    for bad in ["", "a", "3-1", "1-2-3", "1,,2", "-1", "0-99999999999"] {
      #expect(CPUList.parse(bad) == nil, "\(bad)")
    }
    #expect(CPUList.text([5, 0, 1, 2, 1]) == "0-2,5")
    #expect(CPUList.text([]) == "")
  }
}

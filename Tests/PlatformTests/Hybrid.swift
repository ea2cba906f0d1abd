@testable import Platform

/// Machines with two kinds of cores, in the form that `lstopo --of xml` writes.
struct Hybrid {
  /// The hardware threads of each core, and whether it is a fast one.
  let cores: [(cpus: [Int], fast: Bool)]

  /// Two fast cores of two threads, then two slow ones.
  static let intel = Hybrid(cores: [([0, 1], true), ([2, 3], true), ([4], false), ([5], false)])
  /// Slow cores first.
  static let arm = Hybrid(cores: [([0], false), ([1], false), ([2], true), ([3], true)])

  func topology() throws -> Topology {
    let tree = try FakeTree(["hybrid.xml": xml])
    return try Topology(xml: tree.path("hybrid.xml"))
  }

  private var xml: String {
    let all = cores.flatMap(\.cpus)
    let body = cores.enumerated().map { index, core in
      let threads = core.cpus.map { object("PU", $0, [$0], "") }.joined()
      return object("Core", index, core.cpus, threads)
    }
    let node = object("NUMANode", 0, all, "")
    let package = object("Package", 0, all, node + body.joined())
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE topology SYSTEM "hwloc2.dtd">
      <topology version="2.0">\(object("Machine", 0, all, package))\
      \(kind(fast: false, efficiency: 0))\(kind(fast: true, efficiency: 1))</topology>
      """
  }

  private func object(_ type: String, _ index: Int, _ cpus: [Int], _ body: String) -> String {
    let top =
      type == "Machine"
      ? " allowed_cpuset=\"\(mask(cpus))\" allowed_nodeset=\"0x00000001\"" : ""
    return "<object type=\"\(type)\" os_index=\"\(index)\" cpuset=\"\(mask(cpus))\" "
      + "complete_cpuset=\"\(mask(cpus))\" nodeset=\"0x00000001\" "
      + "complete_nodeset=\"0x00000001\"\(top)>\(body)</object>\n"
  }

  private func kind(fast: Bool, efficiency: Int) -> String {
    let cpus = cores.filter { $0.fast == fast }.flatMap(\.cpus)
    return "<cpukind cpuset=\"\(mask(cpus))\" forced_efficiency=\"\(efficiency)\">"
      + "<info name=\"CoreType\" value=\"\(fast ? "Fast" : "Slow")\"/></cpukind>\n"
  }

  private func mask(_ cpus: [Int]) -> String {
    "0x" + String(cpus.reduce(0) { $0 | 1 << $1 }, radix: 16)
  }
}

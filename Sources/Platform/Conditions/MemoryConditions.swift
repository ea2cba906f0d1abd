extension Conditions {
  static func hugePages(_ machine: Surroundings) -> MachineCondition {
    let name = "huge pages"
    let why =
      "huge pages cause fewer TLB misses; which memory has them must not vary between runs"
    let file = "/sys/kernel/mm/transparent_hugepage/enabled"
    let fix = "echo madvise | sudo tee \(file)"
    guard let text = machine.text(file),
      let chosen = text.split(separator: " ").first(where: { $0.hasPrefix("[") })
    else { return MachineCondition(name, .unknown, "not supported by the kernel", why: why) }
    switch chosen {
    case "[madvise]": return MachineCondition(name, .good, "madvise", why: why)
    case "[always]": return MachineCondition(name, .fair, "always", why: why, fix: fix)
    case "[never]": return MachineCondition(name, .fair, "never", why: why, fix: fix)
    default: return MachineCondition(name, .unknown, String(chosen), why: why)
    }
  }

  static func addressLayout(_ machine: Surroundings) -> MachineCondition {
    let name = "address layout"
    let why = "random layouts, so that one fast layout is not mistaken for a speedup"
    let file = "/proc/sys/kernel/randomize_va_space"
    let fix = "echo 2 | sudo tee \(file)"
    if let flags = machine.text("/proc/self/personality").flatMap({ UInt32($0, radix: 16) }),
      flags & addressesNotRandom != 0
    {
      return MachineCondition(
        name, .poor, "the same in this process and its workers", why: why,
        fix: "start perflab without 'setarch -R'")
    }
    switch machine.text(file) {
    case "2": return MachineCondition(name, .good, "random", why: why)
    case "1": return MachineCondition(name, .fair, "random except for the heap", why: why, fix: fix)
    case "0": return MachineCondition(name, .poor, "the same in every process", why: why, fix: fix)
    default: return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
  }

  /// ADDR_NO_RANDOMIZE of personality(2).
  private static let addressesNotRandom: UInt32 = 0x004_0000

  static func swap(_ machine: Surroundings) -> MachineCondition {
    let name = "swap"
    let why = "pages that were swapped out are read back during a sample"
    guard let swaps = machine.text("/proc/swaps") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    // Filename, type, size, used, priority; one line for each, below a line of names.
    let rows = swaps.split(separator: "\n").dropFirst().map {
      $0.split { $0 == " " || $0 == "\t" }
    }
    if rows.isEmpty { return MachineCondition(name, .good, "none", why: why) }
    let used = rows.map { $0.count >= 5 ? Int($0[$0.count - 2]) : nil }
    guard !used.contains(nil) else {
      return MachineCondition(name, .unknown, "not readable", why: why)
    }
    let kibibytes = used.reduce(0) { $0 + ($1 ?? 0) }
    if kibibytes == 0 { return MachineCondition(name, .good, "unused", why: why) }
    return MachineCondition(
      name, .fair, "\(kibibytes >> 10) MiB in use", why: why, fix: "sudo swapoff -a")
  }

  static func build(_ machine: Surroundings) -> MachineCondition {
    MachineCondition(
      "build", machine.isOptimised ? .good : .poor, machine.isOptimised ? "optimised" : "debug",
      why: "unoptimised code has overheads that release builds don't have", fix: "make build")
  }
}

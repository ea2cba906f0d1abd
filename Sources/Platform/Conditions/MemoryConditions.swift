extension Conditions {
  static func hugePages(_ machine: Surroundings) -> MachineCondition {
    let name = "huge pages"
    let why =
      "memory in huge pages is reached with fewer TLB misses; which memory is, must not vary"
    let file = "/sys/kernel/mm/transparent_hugepage/enabled"
    let fix = "echo madvise | sudo tee \(file)"
    guard let text = machine.text(file),
      let chosen = text.split(separator: " ").first(where: { $0.hasPrefix("[") })
    else { return MachineCondition(name, .unknown, "the kernel has none", why: why) }
    switch chosen {
    case "[madvise]": return MachineCondition(name, .good, "madvise", why: why)
    case "[always]": return MachineCondition(name, .fair, "always", why: why, fix: fix)
    case "[never]": return MachineCondition(name, .fair, "never", why: why, fix: fix)
    default: return MachineCondition(name, .unknown, String(chosen), why: why)
    }
  }

  static func addressLayout(_ machine: Surroundings) -> MachineCondition {
    let name = "address layout"
    let why = "processes differ in layout, so that a lucky one does not pass for a speedup"
    let file = "/proc/sys/kernel/randomize_va_space"
    let fix = "echo 2 | sudo tee \(file)"
    switch machine.text(file) {
    case "2": return MachineCondition(name, .good, "random", why: why)
    case "1": return MachineCondition(name, .fair, "random but for the heap", why: why, fix: fix)
    case "0": return MachineCondition(name, .poor, "the same in every process", why: why, fix: fix)
    default: return MachineCondition(name, .unknown, "the kernel does not tell", why: why)
    }
  }

  static func swap(_ machine: Surroundings) -> MachineCondition {
    let name = "swap"
    let why = "memory that went to storage comes back in the middle of a sample"
    guard let swaps = machine.text("/proc/swaps") else {
      return MachineCondition(name, .unknown, "the kernel does not tell", why: why)
    }
    // Filename, type, size, used, priority; one line for each, below a line of names.
    let rows = swaps.split(separator: "\n").dropFirst().map {
      $0.split { $0 == " " || $0 == "\t" }
    }
    if rows.isEmpty { return MachineCondition(name, .good, "none", why: why) }
    let used = rows.map { $0.count >= 5 ? Int($0[$0.count - 2]) : nil }
    guard !used.contains(nil) else {
      return MachineCondition(name, .unknown, "can't be read", why: why)
    }
    let kibibytes = used.reduce(0) { $0 + ($1 ?? 0) }
    if kibibytes == 0 { return MachineCondition(name, .good, "unused", why: why) }
    return MachineCondition(
      name, .fair, "\(kibibytes >> 10) MiB in use", why: why, fix: "sudo swapoff -a")
  }

  static func build(_ machine: Surroundings) -> MachineCondition {
    MachineCondition(
      "build", machine.isOptimised ? .good : .poor, machine.isOptimised ? "optimised" : "debug",
      why: "code without optimisation has costs that nobody pays in use", fix: "make build")
  }
}

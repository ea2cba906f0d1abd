extension Conditions {
  static func hypervisor(_ machine: Surroundings) -> MachineCondition {
    let name = "hypervisor"
    let why = "other guests share caches, memory bandwidth and cores; counters may be missing"
    if let guest = machine.hypervisorName { return MachineCondition(name, .fair, guest, why: why) }
    guard machine.exists("/proc/cpuinfo") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    return MachineCondition(name, .good, "none", why: why)
  }

  static func steal(_ machine: Surroundings) -> MachineCondition {
    let name = "steal"
    let why = "while the hypervisor runs another guest, a sample takes longer and does no work"
    guard let stat = machine.text("/proc/stat") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    let line = stat.split(separator: "\n").first { $0.hasPrefix("cpu ") } ?? ""
    // user nice system idle iowait irq softirq steal; guest time is in user already (proc(5)).
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8, case let total = ticks.reduce(0, +), total > 0 else {
      return MachineCondition(name, .unknown, "not counted by the kernel", why: why)
    }
    let share = ticks[7] / total
    let grade: MachineCondition.Grade = share < 0.001 ? .good : share < 0.01 ? .fair : .poor
    return MachineCondition(name, grade, "\(percent(share)) of the time since boot", why: why)
  }

  static func container(_ machine: Surroundings) -> MachineCondition {
    let name = "container"
    let why = "a container may restrict processors, memory, counters and huge pages"
    let marks = [("/.dockerenv", "docker"), ("/run/.containerenv", "podman")]
    for (file, engine) in marks where machine.exists(file) {
      return MachineCondition(name, .fair, engine, why: why)
    }
    if let engine = machine.text("/run/systemd/container"), !engine.isEmpty {
      return MachineCondition(name, .fair, engine, why: why)
    }
    guard let groups = machine.text("/proc/1/cgroup") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    for engine in ["docker", "kubepods", "lxc", "libpod", "containerd"]
    where groups.contains(engine) {
      return MachineCondition(name, .fair, engine, why: why)
    }
    return MachineCondition(name, .good, "none detected", why: why)
  }

  /// Two digits after the point: `0.02%`.
  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let fraction = String(hundredths % 100)
    return "\(hundredths / 100).\(fraction.count == 1 ? "0" : "")\(fraction)%"
  }
}

extension Conditions {
  private static let cpus = "/sys/devices/system/cpu"

  static func governor(_ machine: Surroundings) -> MachineCondition {
    let name = "governor"
    let why = "a clock frequency that varies with the load changes every measured time"
    let fix = "sudo cpupower frequency-set -g performance"
    let governors = Set(
      (machine.online ?? []).compactMap {
        machine.text("\(cpus)/cpu\($0)/cpufreq/scaling_governor")
      })
    guard !governors.isEmpty else {
      let value =
        machine.hypervisorName != nil
        ? "set by the host, not visible here" : "not reported by the kernel"
      return MachineCondition(name, .unknown, value, why: why)
    }
    let value = governors.sorted().joined(separator: ", ")
    if governors == ["performance"] { return MachineCondition(name, .good, value, why: why) }
    // With these drivers the processor chooses, and `powersave` is a hint that still reaches the
    // highest clock (Documentation/admin-guide/pm/intel_pstate.rst, amd-pstate.rst).
    let driver = machine.text("\(cpus)/cpu0/cpufreq/scaling_driver") ?? ""
    let chooses = ["intel_pstate", "amd-pstate-epp"].contains(driver)
    let slow = governors.contains("powersave") && !chooses
    return MachineCondition(name, slow ? .poor : .fair, value, why: why, fix: fix)
  }

  static func turbo(_ machine: Surroundings) -> MachineCondition {
    let name = "turbo"
    let why = "frequencies above nominal depend on temperature and on the number of busy cores"
    let switches: [(path: String, on: String, fix: String)] = [
      ("\(cpus)/intel_pstate/no_turbo", "0", "1"), ("\(cpus)/cpufreq/boost", "1", "0"),
    ]
    for (path, on, off) in switches {
      guard let value = machine.text(path) else { continue }
      guard value == on else { return MachineCondition(name, .good, "off", why: why) }
      return MachineCondition(name, .fair, "on", why: why, fix: "echo \(off) | sudo tee \(path)")
    }
    return MachineCondition(name, .unknown, "no switch reported by the kernel", why: why)
  }

  static func siblings(_ machine: Surroundings) -> MachineCondition {
    let name = "SMT"
    let why = "work on a core's other hardware thread takes up to half of the core's throughput"
    let fix = "echo off | sudo tee \(cpus)/smt/control"
    guard let active = machine.text("\(cpus)/smt/active") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    if active == "1" { return MachineCondition(name, .fair, "on", why: why, fix: fix) }
    if machine.hypervisorName != nil {
      return MachineCondition(
        name, .unknown, "off as seen by the guest; two of its processors may share a core",
        why: why)
    }
    return MachineCondition(name, .good, "off", why: why)
  }

  static func timer(_ machine: Surroundings) -> MachineCondition {
    let name = "timer"
    let why = "a clock read through the kernel takes a hundred times as long as in user mode"
    let folder = "/sys/devices/system/clocksource/clocksource0"
    guard let source = machine.text("\(folder)/current_clocksource") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    let fast = ["tsc", "arch_sys_counter", "kvm-clock", "hyperv_clocksource_tsc_page"]
    if fast.contains(source) { return MachineCondition(name, .good, source, why: why) }
    let offered = (machine.text("\(folder)/available_clocksource") ?? "").split(separator: " ")
    let better = fast.first { offered.contains(Substring($0)) }
    return MachineCondition(
      name, .poor, source, why: why,
      fix: better.map { "echo \($0) | sudo tee \(folder)/current_clocksource" } ?? "")
  }

  static func counters(_ machine: Surroundings) -> MachineCondition {
    let name = "counters"
    let why = "cycles, instructions and misses explain why one variant is faster"
    let paranoid = machine.text("/proc/sys/kernel/perf_event_paranoid")
    let setting = paranoid.map { "perf_event_paranoid \($0)" } ?? "no perf_event_paranoid"
    switch machine.counterErrno {
    case nil: return MachineCondition(name, .unknown, setting, why: why)
    case 0: return MachineCondition(name, .good, "open (\(setting))", why: why)
    case 1, 13:
      // User mode needs level 2 or less; if that holds, the container forbids it.
      let level = paranoid.flatMap { Int($0) } ?? 4
      return MachineCondition(
        name, .fair, "not permitted (\(setting))", why: why,
        fix: level > 2
          ? "sudo sysctl kernel.perf_event_paranoid=2"
          : "give the container CAP_PERFMON: docker run --cap-add PERFMON …")
    case let errno?:
      let reason = CounterUnavailable(event: .cycles, errno: errno).reason
      return MachineCondition(name, .fair, "\(reason) (\(setting))", why: why)
    }
  }
}

extension Conditions {
  private static let cpus = "/sys/devices/system/cpu"

  static func governor(_ machine: Surroundings) -> MachineCondition {
    let name = "governor"
    let why = "a clock that rises and falls with the load changes every time that is measured"
    let fix = "sudo cpupower frequency-set -g performance"
    let governors = Set(
      (machine.online ?? []).compactMap {
        machine.text("\(cpus)/cpu\($0)/cpufreq/scaling_governor")
      })
    guard !governors.isEmpty else {
      let value =
        machine.hypervisorName != nil
        ? "the host decides, and does not show it" : "the kernel shows none"
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
    let why = "the clock above the nominal one depends on heat and on how many cores are busy"
    let switches: [(path: String, on: String, fix: String)] = [
      ("\(cpus)/intel_pstate/no_turbo", "0", "1"), ("\(cpus)/cpufreq/boost", "1", "0"),
    ]
    for (path, on, off) in switches {
      guard let value = machine.text(path) else { continue }
      guard value == on else { return MachineCondition(name, .good, "off", why: why) }
      return MachineCondition(name, .fair, "on", why: why, fix: "echo \(off) | sudo tee \(path)")
    }
    return MachineCondition(name, .unknown, "the kernel shows no switch for it", why: why)
  }

  static func siblings(_ machine: Surroundings) -> MachineCondition {
    let name = "SMT"
    let why = "what runs on a core's other hardware thread takes half of the core away"
    let fix = "echo off | sudo tee \(cpus)/smt/control"
    guard let active = machine.text("\(cpus)/smt/active") else {
      return MachineCondition(name, .unknown, "the kernel does not tell", why: why)
    }
    if active == "1" { return MachineCondition(name, .fair, "on", why: why, fix: fix) }
    if machine.hypervisorName != nil {
      return MachineCondition(
        name, .unknown, "off as the guest sees it; two of its processors may share a core",
        why: why)
    }
    return MachineCondition(name, .good, "off", why: why)
  }

  static func timer(_ machine: Surroundings) -> MachineCondition {
    let name = "timer"
    let why = "a clock that needs the kernel costs a hundred times one that is read in user mode"
    let folder = "/sys/devices/system/clocksource/clocksource0"
    guard let source = machine.text("\(folder)/current_clocksource") else {
      return MachineCondition(name, .unknown, "the kernel does not tell", why: why)
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
    let why = "cycles, instructions and misses say why one variant is faster"
    let paranoid = machine.text("/proc/sys/kernel/perf_event_paranoid")
    let setting = paranoid.map { "perf_event_paranoid \($0)" } ?? "no perf_event_paranoid"
    switch machine.counterErrno {
    case nil: return MachineCondition(name, .unknown, setting, why: why)
    case 0: return MachineCondition(name, .good, "open (\(setting))", why: why)
    case 1, 13:
      // User mode needs level 2 or less; if that is given, somebody else forbids it.
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

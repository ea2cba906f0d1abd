extension Conditions {
  static func quota(_ machine: Surroundings) -> MachineCondition {
    let name = "cgroup quota"
    let why = "a group that has used its quota is throttled until the next period"
    guard let groups = machine.text("/proc/self/cgroup") else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    let quotas = groups.split(separator: "\n").flatMap { line in
      CgroupQuota.all(ofLine: line, read: machine.text)
    }
    guard let least = quotas.min(by: { $0.processors < $1.processors }) else {
      return MachineCondition(name, .good, "none", why: why)
    }
    let share = (least.processors * 100).rounded() / 100
    let value = "\(share) processors"
    if let online = machine.online?.count, least.processors >= Double(online) {
      return MachineCondition(name, .good, "\(value), all of them", why: why)
    }
    return MachineCondition(name, .poor, value, why: why, fix: least.fix)
  }

  static func cpuset(_ machine: Surroundings) -> MachineCondition {
    let name = "cpuset"
    let why =
      "with one processor perflab disturbs the measurement, and threads can't run in parallel"
    let status = machine.text("/proc/self/status") ?? ""
    let field = "Cpus_allowed_list:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field) }),
      let allowed = CPUList.parse(TextFile.trimmed(line.dropFirst(field.count))),
      let online = machine.online
    else { return MachineCondition(name, .unknown, "not reported by the kernel", why: why) }
    let usable = allowed.filter(Set(online).contains)
    let value = "\(CPUList.text(usable)) of \(CPUList.text(online))"
    let fix = "taskset -pc \(CPUList.text(online)) $$"
    if usable.count == online.count && usable.count > 1 {
      return MachineCondition(name, .good, "all: \(CPUList.text(online))", why: why)
    }
    guard usable.count > 1 else {
      return MachineCondition(name, .poor, value, why: why, fix: online.count > 1 ? fix : "")
    }
    return MachineCondition(name, .fair, value, why: why, fix: fix)
  }

  static func load(_ machine: Surroundings) -> MachineCondition {
    let name = "load"
    let why = "other processes use processors, caches and memory bandwidth"
    // Not the load average: a build that has just ended counts there for minutes.
    guard let busy = machine.othersBusy else {
      return MachineCondition(name, .unknown, "not reported by the kernel", why: why)
    }
    let processors = Double(machine.online?.count ?? 1)
    let grade: MachineCondition.Grade =
      busy < 0.1 ? .good : busy < max(0.5, processors / 4) ? .fair : .poor
    let share = (busy * 100).rounded() / 100
    return MachineCondition(
      name, grade, "\(share) of \(Int(processors)) processors busy with others", why: why,
      fix: "ps -eo pcpu,pid,comm --sort=-pcpu | head   # then stop what is not needed")
  }
}

/// The processor time that a control group may use.
struct CgroupQuota {
  /// Processors' worth of time: quota ÷ period.
  let processors: Double
  /// The command that lifts it.
  let fix: String

  /// The quotas of a group and of those above it, from a line of `/proc/self/cgroup`.
  /// Sources: cgroups(7); Documentation/admin-guide/cgroup-v2.rst, scheduler/sched-bwc.rst.
  static func all(ofLine line: Substring, read: (String) -> String?) -> [CgroupQuota] {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return [] }
    if fields[1].isEmpty {
      // In a hybrid hierarchy cgroup v2 has its own folder.
      let mounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
      return mounts.flatMap { ancestors($0, fields[2]) }.compactMap { second($0, read) }
    }
    guard fields[1].split(separator: ",").contains("cpu") else { return [] }
    let mounts = ["/sys/fs/cgroup/\(fields[1])", "/sys/fs/cgroup/cpu"]
    return Set(mounts).sorted().flatMap { ancestors($0, fields[2]) }
      .compactMap { first($0, read) }
  }

  /// `/mount/a/b`, `/mount/a`, `/mount`. In a container the path may be the host's; the mount
  /// itself is then the group.
  private static func ancestors(_ mount: String, _ path: Substring) -> [String] {
    var parts = path.split(separator: "/").filter { $0 != ".." }
    var folders: [String] = []
    while !parts.isEmpty {
      folders.append(mount + "/" + parts.joined(separator: "/"))
      parts.removeLast()
    }
    return folders + [mount]
  }

  private static func second(_ folder: String, _ read: (String) -> String?) -> CgroupQuota? {
    let file = folder + "/cpu.max"
    let words = (read(file) ?? "").split(separator: " ")
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
      period > 0
    else { return nil }
    return CgroupQuota(processors: quota / period, fix: "echo max | sudo tee \(file)")
  }

  private static func first(_ folder: String, _ read: (String) -> String?) -> CgroupQuota? {
    let file = folder + "/cpu.cfs_quota_us"
    guard let quota = read(file).flatMap({ Double($0) }), quota > 0,
      let period = read(folder + "/cpu.cfs_period_us").flatMap({ Double($0) }), period > 0
    else { return nil }
    return CgroupQuota(processors: quota / period, fix: "echo -1 | sudo tee \(file)")
  }
}

import Glibc
import Testing

@testable import Platform

@Suite struct ConditionsTests {
  @Test func aQuietMachineIsGoodThroughout() throws {
    let tree = try FakeTree(quiet)
    for condition in assess(tree) {
      #expect(condition.grade == .good, "\(condition.name): \(condition.value)")
      #expect(condition.fix.isEmpty && !condition.why.isEmpty)
    }
  }

  @Test func withoutFilesAllIsUnknownButTheBuild() {
    let conditions = Conditions.assess(
      Surroundings(
        root: "/nonexistent", isOptimised: true, counterErrno: nil, othersBusy: nil, scratch: nil))
    for condition in conditions where condition.name != "build" {
      #expect(condition.grade == .unknown, "\(condition.name)")
      #expect(condition.fix.isEmpty)
    }
    #expect(Set(conditions.map(\.name)).count == conditions.count)
  }

  @Test(arguments: [
    ("cpufreq/scaling_governor", "powersave\n", MachineCondition.Grade.poor),
    ("cpufreq/scaling_governor", "schedutil\n", .fair),
  ])
  func aGovernorThatSavesPowerIsMended(
    _ file: String, _ text: String, _ grade: MachineCondition.Grade
  )
    throws
  {
    let governor = try condition("governor", ["\(cpus)/cpu1/\(file)": text])
    #expect(governor.grade == grade)
    #expect(governor.fix == "sudo cpupower frequency-set -g performance")
  }

  @Test func aProcessorThatChoosesItsClockIsOnlyFairWithPowersave() throws {
    let governor = try condition(
      "governor",
      [
        "\(cpus)/cpu0/cpufreq/scaling_governor": "powersave\n",
        "\(cpus)/cpu0/cpufreq/scaling_driver": "intel_pstate\n",
      ])
    #expect(governor.grade == .fair)
  }

  @Test func turboAndSiblingsAreFair() throws {
    let boost = try condition("turbo", ["\(cpus)/cpufreq/boost": "1\n"])
    #expect(boost.grade == .fair)
    #expect(boost.fix == "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost")
    let intel = try condition("turbo", ["\(cpus)/intel_pstate/no_turbo": "0\n"])
    #expect(intel.fix == "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo")
    let smt = try condition("SMT", ["\(cpus)/smt/active": "1\n"])
    #expect(smt.grade == .fair && smt.value == "on")
  }

  @Test func aGuestDoesNotKnowItsSiblings() throws {
    let guest = ["proc/cpuinfo": "processor: 0\nflags: fpu hypervisor\n"]
    #expect(try condition("SMT", guest).grade == .unknown)
    #expect(try condition("hypervisor", guest).grade == .fair)
    #expect(try condition("hypervisor", guest).value == "unknown")
  }

  @Test(arguments: [
    (
      "0::/user/a\n", ["sys/fs/cgroup/user/cpu.max": "50000 100000\n"], "0.5 processors",
      "echo max | sudo tee /sys/fs/cgroup/user/cpu.max"
    ),
    (
      "0::/\n", ["sys/fs/cgroup/cpu.max": "150000 100000\n"], "1.5 processors",
      "echo max | sudo tee /sys/fs/cgroup/cpu.max"
    ),
    (
      "0::/a/b\n",
      ["sys/fs/cgroup/a/b/cpu.max": "100000 100000", "sys/fs/cgroup/a/cpu.max": "20000 100000"],
      "0.2 processors", "echo max | sudo tee /sys/fs/cgroup/a/cpu.max"
    ),
    (
      "3:cpu,cpuacct:/docker/x\n0::/\n",
      [
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "25000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      ],
      "0.25 processors",
      "echo -1 | sudo tee /sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us"
    ),
    (
      "1:cpu:/x\n",
      [
        "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "10000\n",
        "sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
      ],
      "0.1 processors", "echo -1 | sudo tee /sys/fs/cgroup/cpu/x/cpu.cfs_quota_us"
    ),
  ])
  func aQuotaIsFoundInBothVersions(
    _ groups: String, _ files: [String: String], _ value: String, _ fix: String
  ) throws {
    let quota = try condition("cgroup quota", files.merging(["proc/self/cgroup": groups]) { $1 })
    #expect(quota.grade == .poor)
    #expect(quota.value == value)
    #expect(quota.fix == fix)
  }

  @Test func aQuotaOfAllProcessorsNeverStopsAnything() throws {
    let quota = try condition("cgroup quota", ["sys/fs/cgroup/cpu.max": "200000 100000\n"])
    #expect(quota.grade == .good)
    for none in ["max 100000", "-5", "", "1 0"] {
      let quota = try condition("cgroup quota", ["sys/fs/cgroup/cpu.max": none])
      #expect(quota.value == "none", "\(none)")
    }
    let first = try condition(
      "cgroup quota",
      [
        "proc/self/cgroup": "1:cpu:/\nnonsense\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ])
    #expect(first.value == "none")
  }

  @Test func aCpusetOfOneProcessorIsPoor() throws {
    let one = try condition("cpuset", ["proc/self/status": "Cpus_allowed_list:\t1\n"])
    #expect(one.grade == .poor)
    #expect(one.value == "1 of 0-1")
    #expect(one.fix == "taskset -pc 0-1 $$")
    let some = try condition(
      "cpuset",
      ["\(cpus)/online": "0-3\n", "proc/self/status": "Cpus_allowed_list:\t0-1,7\n"])
    #expect(some.grade == .fair)
    let single = try condition(
      "cpuset", ["\(cpus)/online": "0\n", "proc/self/status": "Cpus_allowed_list:\t0-63\n"])
    #expect(single.grade == .poor)
    #expect(single.fix.isEmpty)
  }

  @Test func countersThatAreForbiddenNameTheSetting() throws {
    let file = "proc/sys/kernel/perf_event_paranoid"
    let strict = try condition("counters", [file: "3\n"], counterErrno: 13)
    #expect(strict.grade == .fair)
    #expect(strict.value == "not permitted (perf_event_paranoid 3)")
    #expect(strict.fix == "sudo sysctl kernel.perf_event_paranoid=2")
    let container = try condition("counters", [file: "2\n"], counterErrno: 1)
    #expect(container.fix.contains("PERFMON"))
    let absent = try condition("counters", [:], counterErrno: 2)
    #expect(absent.grade == .fair && absent.fix.isEmpty)
    #expect(absent.value.hasPrefix("not offered by this processor or its hypervisor"))
    #expect(try condition("counters", [:], counterErrno: nil).grade == .unknown)
  }

  @Test(arguments: [
    ("steal", "proc/stat", "cpu 900 0 0 90 0 0 0 10 0 0\n", MachineCondition.Grade.poor),
    ("steal", "proc/stat", "cpu 9000 0 0 950 0 0 0 50 0 0\n", .fair),
    ("steal", "proc/stat", "cpu 1 2 3\n", .unknown),
    ("steal", "proc/stat", "cpu 0 0 0 0 0 0 0 0\n", .unknown),
    ("container", ".dockerenv", "", .fair),
    ("container", "run/systemd/container", "lxc\n", .fair),
    ("container", "proc/1/cgroup", "0::/kubepods/x\n", .fair),
    ("swap", "proc/swaps", "Filename Type Size Used Priority\n/dev/x partition 99 0 -2\n", .good),
    ("swap", "proc/swaps", "Filename Type Size Used Priority\n/x file 9999 2048 -2\n", .fair),
    ("swap", "proc/swaps", "Filename Type Size Used Priority\n/x\n", .unknown),
    ("huge pages", "sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never", .fair),
    ("huge pages", "sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]", .fair),
    ("huge pages", "sys/kernel/mm/transparent_hugepage/enabled", "nonsense", .unknown),
    ("address layout", "proc/sys/kernel/randomize_va_space", "0\n", .poor),
    ("address layout", "proc/sys/kernel/randomize_va_space", "1\n", .fair),
    ("address layout", "proc/self/personality", "00040000\n", .poor),
    ("address layout", "proc/self/personality", "00020000\n", .good),
    ("timer", "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet", .poor),
  ])
  func eachConditionIsGraded(
    _ name: String, _ file: String, _ text: String, _ grade: MachineCondition.Grade
  ) throws {
    #expect(try condition(name, [file: text]).grade == grade)
  }

  /// Not by the load average, which a build that has just ended raises for minutes.
  @Test(arguments: [
    (0.02 as Double?, MachineCondition.Grade.good), (0.3, .fair), (1.4, .poor), (nil, .unknown),
  ])
  func loadIsWhatOthersUseNow(busy: Double?, grade: MachineCondition.Grade) throws {
    let tree = try FakeTree(quiet.merging(["proc/loadavg": "7.00 0.1 0.1 1/99 5\n"]) { $1 })
    let load = try #require(assess(tree, othersBusy: busy).first { $0.name == "load" })
    #expect(load.grade == grade)
  }

  @Test func busyTimeIsUserNiceSystemAndInterrupts() throws {
    let tree = try FakeTree([
      "proc/stat": "cpu  1 20 300 4000 50000 6 70 800 0 0\ncpu0 9 9 9 9 9 9 9 9 0 0\n"
    ])
    #expect(BusyTime.ticks(file: tree.root + "/proc/stat") == 397)
    #expect(BusyTime.ticks(file: "/nonexistent") == nil)
    // Of single processors with what the hypervisor gave away: six fields of nine ticks each.
    let tick = 1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))
    #expect(BusyTime.of(cpus: [0], file: tree.root + "/proc/stat") == 54 * tick)
    #expect(BusyTime.of(cpus: [0, 1], file: tree.root + "/proc/stat") == nil)
    #expect(BusyTime.of(cpus: [], file: "/nonexistent") == nil)
    let others = try #require(BusyTime.ofOthers(over: 0.02))
    #expect(others >= 0)
  }

  @Test func aSlowTimerIsMendedByAnOfferedOne() throws {
    let folder = "sys/devices/system/clocksource/clocksource0"
    let timer = try condition(
      "timer",
      ["\(folder)/current_clocksource": "hpet", "\(folder)/available_clocksource": "hpet tsc"])
    #expect(timer.fix == "echo tsc | sudo tee /\(folder)/current_clocksource")
  }

  @Test(arguments: ["tmpfs", "overlay"])
  func aScratchFolderThatIsNotOnADiskIsFair(kind: String) throws {
    let conditions = assess(try FakeTree(quiet), scratch: kind)
    let scratch = try #require(conditions.first { $0.name == "scratch folder" })
    #expect(scratch.grade == .fair && scratch.value == "\(kind) on /dev/sda1")
    #expect(scratch.fix.contains("--scratch"))
  }

  @Test func aDebugBuildIsPoor() {
    let build = Conditions.build(
      Surroundings(
        root: "/nonexistent", isOptimised: false, counterErrno: nil, othersBusy: nil, scratch: nil))
    #expect(build.grade == .poor && build.fix == "make build")
  }

  @Test func thisMachineIsAssessed() {
    for condition in Conditions.assess() {
      #expect(!condition.value.isEmpty && !condition.why.isEmpty, "\(condition.name)")
      #expect(!(condition.value + condition.fix + condition.why).contains("\n"))
    }
  }

  private let cpus = "sys/devices/system/cpu"

  private func assess(
    _ tree: FakeTree, counterErrno: Int32? = 0, othersBusy: Double? = 0.01,
    scratch kind: String = "ext4"
  ) -> [MachineCondition] {
    Conditions.assess(
      Surroundings(
        root: tree.root, isOptimised: true, counterErrno: counterErrno, othersBusy: othersBusy,
        scratch: FileSystem(kind: kind, device: "/dev/sda1", freeBytes: 1 << 30)))
  }

  /// A condition of the quiet machine after some of its files were changed.
  private func condition(
    _ name: String, _ changed: [String: String], counterErrno: Int32? = 0
  ) throws -> MachineCondition {
    let tree = try FakeTree(quiet.merging(changed) { $1 })
    return try #require(assess(tree, counterErrno: counterErrno).first { $0.name == name })
  }

  /// Two processors of bare metal with nothing to complain of.
  private var quiet: [String: String] {
    [
      "\(cpus)/online": "0-1\n",
      "\(cpus)/cpu0/cpufreq/scaling_governor": "performance\n",
      "\(cpus)/cpu1/cpufreq/scaling_governor": "performance\n",
      "\(cpus)/smt/active": "0\n",
      "\(cpus)/cpufreq/boost": "0\n",
      "proc/cpuinfo": "processor: 0\nmodel name: X\nflags: fpu\n",
      "proc/stat": "cpu  100000 0 0 100000 0 0 0 1 0 0\n",
      "proc/self/cgroup": "0::/\n",
      "proc/1/cgroup": "0::/init.scope\n",
      "proc/self/status": "Name: x\nCpus_allowed_list:\t0-1\n",
      "proc/self/personality": "00000000\n",
      "proc/swaps": "Filename\tType\tSize\tUsed\tPriority\n",
      "proc/sys/kernel/perf_event_paranoid": "1\n",
      "proc/sys/kernel/randomize_va_space": "2\n",
      "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
      "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
    ]
  }
}

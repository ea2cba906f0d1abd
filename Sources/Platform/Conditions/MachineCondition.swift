/// A condition of the machine that affects the quality of measurements, and how to fix it.
public struct MachineCondition: Equatable, Sendable {
  /// How good it is for measuring.
  public enum Grade: String, Equatable, Sendable, CaseIterable {
    /// Nothing to fix.
    case good
    /// Numbers are usable and carry more noise or less detail.
    case fair
    /// Numbers mislead.
    case poor
    /// Not reported by the system.
    case unknown
  }

  /// `governor`
  public let name: String
  /// How good it is.
  public let grade: Grade
  /// What was found, in a few words.
  public let value: String
  /// Why it matters for a measurement.
  public let why: String
  /// The command that fixes it; empty where there is none, or no need for one.
  public let fix: String

  init(_ name: String, _ grade: Grade, _ value: String, why: String, fix: String = "") {
    self.name = name
    self.grade = grade
    self.value = value
    self.why = why
    // A good condition needs no fix, and for an unknown one no fix can be promised.
    self.fix = grade == .good || grade == .unknown ? "" : fix
  }
}

/// All conditions of this machine.
public enum Conditions {
  /// Looks at every condition; none fails, what can't be read is `unknown`.
  public static func assess() -> [MachineCondition] { assess(Surroundings.real()) }

  /// The same for files under another root.
  static func assess(_ surroundings: Surroundings) -> [MachineCondition] {
    [
      build, governor, turbo, siblings, hypervisor, steal, container, quota, cpuset, load, swap,
      hugePages, addressLayout, timer, counters, scratchFolder,
    ].map { $0(surroundings) }
  }
}

/// What the conditions are read from.
struct Surroundings {
  /// The folder that holds `proc` and `sys`, without a slash at its end: empty for the real one.
  let root: String
  /// Whether the program was compiled to be measured.
  let isOptimised: Bool
  /// What opening a hardware counter gave: 0, an errno, or nil if it was not tried.
  let counterErrno: Int32?
  /// Processors that others keep busy; nil where the kernel does not say.
  let othersBusy: Double?
  /// What scratch folders lie on; nil where there can be none.
  let scratch: FileSystem?

  static func real() -> Surroundings {
    let counters = Counters([.cycles])
    return Surroundings(
      root: "", isOptimised: Build.isOptimised,
      counterErrno: counters.unavailable.first?.errno ?? 0, othersBusy: BusyTime.ofOthers(),
      scratch: try? FileSystem(of: ScratchFolder.base))
  }

  /// A file without the white space around it; nil where it can't be read.
  func text(_ path: String) -> String? { TextFile.text(root + path) }

  func exists(_ path: String) -> Bool {
    if case .success = TextFile.bytes(root + path) { return true }
    return false
  }

  /// The processors that are online.
  var online: [Int]? { text("/sys/devices/system/cpu/online").flatMap(CPUList.parse) }

  var processor: ProcessorInfo { ProcessorInfo(text("/proc/cpuinfo") ?? "") }

  var hypervisorName: String? { Hypervisor.name(processor, root: root) }
}

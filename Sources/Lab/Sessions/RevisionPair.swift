import Glibc
import Harness
import Platform
import Results
import SystemPackage

/// Two states of a package, each built with the same flags in the same folder, so that equal sources
/// give equal executables. What was built is kept for the next time.
struct RevisionPair {
  private let options: ABBuildOptions
  private let repository: Repository
  /// Of the package, from the repository's top; empty or ending with a slash.
  private let prefix: String
  private let folder: String

  init(_ options: ABBuildOptions) throws(LabError) {
    guard options.base != nil else { throw LabError.invalid("--head needs --base") }
    guard (options.build == nil) == (options.executable == nil) else {
      throw LabError.invalid("--build and --executable are given together")
    }
    self.options = options
    let here = RelativePath.resolved(".")
    let found = try Repository.around(here)
    prefix = try Self.prefix(of: here, in: found.top, needsPackage: options.build == nil)
    folder = Self.cache(options.cache) + "/" + Self.name(of: found.top)
    repository = found.keepingIndex(in: folder)
  }

  /// The package's folder, from the top: this one or the nearest around it.
  private static func prefix(
    of here: String, in top: String, needsPackage: Bool
  ) throws(LabError) -> String {
    var parts = here.dropFirst(top.count).split(separator: "/").map(String.init)
    while needsPackage, !Files.exists(([top] + parts + ["Package.swift"]).joined(separator: "/")) {
      guard !parts.isEmpty else {
        throw .invalid("there is no Package.swift in \(here) or above it, up to \(top)")
      }
      parts.removeLast()
    }
    return parts.map { $0 + "/" }.joined()
  }

  private static func cache(_ chosen: String?) -> String {
    if let chosen { return RelativePath.resolved(chosen) }
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let base = variable("XDG_CACHE_HOME") ?? (variable("HOME") ?? "/var/tmp") + "/.cache"
    return base + "/perflab/ab"
  }

  /// `perflab-3f2a…`: two clones of one name have folders of their own, and so has one clone on two
  /// processors, since a build is for the processor that it was made on.
  private static func name(of top: String) -> String {
    let name = top.split(separator: "/").last.map(String.init) ?? "root"
    let host = Host.current()
    let parts = [top, host.processor] + host.features
    return "\(name)-\(String(parts.joined(separator: "\n").stableHash, radix: 16))"
  }

  /// Builds both, and lets the second one measure: it knows its own experiments. Returns only where
  /// there is nothing to measure.
  func handOver(_ common: ABCommonOptions) throws -> ABComparison {
    Interrupt.catchSignals()
    let preset = try Preset.named(common.preset)
    let lock = try FolderLock(folder, option: "--cache")
    let base = options.base ?? ""
    let trees = [
      try repository.tree(of: base),
      try options.head.map { head throws(LabError) in try repository.tree(of: head) }
        ?? repository.workingTree(),
    ]
    let head = options.head ?? "working tree"
    if let named = options.head, try repository.isDirty() {
      Console.note("uncommitted changes are no part of \(named); omit --head to compare them")
    }
    let sides = zip([base, head], trees).map { ABComparison.Side(name: $0, detail: $1.detail) }
    if trees[0] == trees[1] || trees[0].hash == trees[1].hash {
      let setting = try Setting.current(cpus: common.cpus, machineName: nil)
      var comparison = ABComparison(
        kind: .builds, run: setting.run(preset: preset.name, seed: common.seed ?? 0),
        machine: setting.machine, conditions: setting.conditions, sides: sides)
      comparison.notes.append(
        "\(base) and \(head) have the same files, so that nothing was measured.")
      return comparison
    }
    let builder = RevisionBuild(
      repository: repository, prefix: prefix, folder: folder, options: options)
    let executables = try zip(sides, trees).map { try builder.executable(of: $1, side: $0) }
    let names = String(decoding: try StoredJSON.encode(sides, isCompact: true), as: UTF8.self)
    var words = [executables[1], "ab", "--against", executables[0], "--names", names]
    words += options.only.map { ["--only", $0] } ?? []
    lock.release()
    throw Self.become(words + common.words)
  }

  /// Replaces this process.
  private static func become(_ words: [String]) -> LabError {
    var argv = words.map { strdup($0) } + [nil]
    execv(words[0], &argv)
    return .incomparable(
      "\(words[0]) can't be run: \(Errno(rawValue: errno)); remove it to build it again")
  }
}

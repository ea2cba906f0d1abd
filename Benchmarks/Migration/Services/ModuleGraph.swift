/// Modules with their files, what they use, and how often they change.
struct ModuleGraph {
  struct Module {
    let name: String
    let files: Int
    /// Commits that changed it.
    let changes: Int
    let uses: [String]

    init(_ name: String, files: Int, changes: Int, uses: [String] = []) {
      (self.name, self.files, self.changes, self.uses) = (name, files, changes, uses)
    }
  }

  let modules: [Module]
  /// Of each module: which modules use it, itself among them.
  private let users: [Set<Int>]

  private init(_ modules: [Module], added: [(from: Int, to: Int)] = []) {
    self.modules = modules
    let places = Dictionary(uniqueKeysWithValues: modules.enumerated().map { ($1.name, $0) })
    var direct = modules.map { _ in Set<Int>() }
    for (user, module) in modules.enumerated() {
      for name in module.uses { if let used = places[name] { direct[used].insert(user) } }
    }
    for use in added { direct[use.to].insert(use.from) }
    users = modules.indices.map { start in
      var (found, next) = (Set([start]), [start])
      while let module = next.popLast() {
        for user in direct[module] where found.insert(user).inserted { next.append(user) }
      }
      return found
    }
  }

  func adding(_ uses: [(from: Int, to: Int)]) -> ModuleGraph { ModuleGraph(modules, added: uses) }

  /// Uses that would close a circle: from a module to one that uses it.
  var upwardUses: [(from: Int, to: Int)] {
    modules.indices.flatMap { low in
      users[low].subtracting([low]).sorted().map { (from: low, to: $0) }
    }
  }

  /// Files of all that use a changed module, on average over the changes.
  func filesRebuilt() -> Double {
    average { module in users[module].reduce(0) { $0 + modules[$1].files } }
  }

  /// Files of the changed module itself.
  var filesOfChanged: Double { average { modules[$0].files } }

  private func average(_ files: (Int) -> Int) -> Double {
    let all = modules.reduce(0) { $0 + $1.changes }
    let sum = modules.indices.reduce(0) { $0 + modules[$1].changes * files($1) }
    return Double(sum) / Double(all)
  }

  /// Modules that use each other in circles, the most of them.
  var largestUnit: Int {
    modules.indices.map { module in users[module].count { users[$0].contains(module) } }.max() ?? 0
  }

  private static let parts = [
    "Databases", "Disks", "Harness", "Platform", "Statistics", "Systems", "Techniques",
  ]

  /// This project's, from its manifest and its history as of November 2026.
  static let perflab = ModuleGraph([
    Module("CPerflab", files: 25, changes: 43), Module("CTLS", files: 4, changes: 2),
    Module("CSQLiteFiles", files: 2, changes: 3), Module("CRing", files: 1, changes: 1),
    Module("Platform", files: 59, changes: 49, uses: ["CPerflab"]),
    Module("Statistics", files: 27, changes: 12),
    Module("Simulation", files: 41, changes: 6, uses: ["Statistics"]),
    Module("Results", files: 39, changes: 43, uses: ["Statistics"]),
    Module("Harness", files: 95, changes: 129, uses: ["Platform", "Results", "Statistics"]),
    Module("Techniques", files: 59, changes: 27, uses: ["CPerflab"]),
    Module(
      "Systems", files: 53, changes: 32,
      uses: ["CPerflab", "CRing", "CTLS", "Platform", "Statistics"]),
    Module(
      "Databases", files: 24, changes: 7, uses: ["CSQLiteFiles", "Platform", "Statistics"]),
    Module("Disks", files: 11, changes: 5, uses: ["CPerflab", "Platform"]),
    Module(
      "Shop", files: 64, changes: 10,
      uses: ["Databases", "Platform", "Simulation", "Statistics", "Systems", "Techniques"]),
    Module("Drills", files: 5, changes: 1, uses: ["Platform", "Shop", "Systems"]),
    Module("Codecs", files: 4, changes: 2, uses: ["Statistics"]),
    Module("Prices", files: 3, changes: 1, uses: ["Results"]),
    Module("CitedData", files: 2, changes: 1, uses: ["Results"]),
    Module("Rendering", files: 129, changes: 55, uses: ["Results"]),
    Module("CPUBenchmarks", files: 55, changes: 76, uses: ["Harness", "Techniques"]),
    Module("MemoryBenchmarks", files: 56, changes: 88, uses: ["Harness", "Techniques"]),
    Module("NetworkBenchmarks", files: 49, changes: 36, uses: parts + ["Simulation"]),
    Module("StorageBenchmarks", files: 44, changes: 20, uses: parts),
    Module(
      "ScaleBenchmarks", files: 95, changes: 74,
      uses: parts + ["CitedData", "Prices", "Shop", "Simulation"]),
    Module("CostBenchmarks", files: 66, changes: 9, uses: ["Harness", "Prices", "Statistics"]),
    Module(
      "MigrationBenchmarks", files: 47, changes: 10,
      uses: parts + ["Drills", "Shop", "Simulation"]),
    Module(
      "NumbersBenchmarks", files: 42, changes: 56,
      uses: ["CPerflab", "CTLS", "Codecs", "Databases", "Disks", "Harness", "Techniques"]),
    Module("CalibrationBenchmarks", files: 7, changes: 5, uses: ["Harness"]),
    Module(
      "Lab", files: 79, changes: 80,
      uses: ["Harness", "Platform", "Prices", "Rendering", "Results", "Simulation"]),
    Module(
      "perflab", files: 6, changes: 12,
      uses: [
        "CPUBenchmarks", "CalibrationBenchmarks", "CostBenchmarks", "Lab", "MemoryBenchmarks",
        "MigrationBenchmarks", "NetworkBenchmarks", "NumbersBenchmarks", "ScaleBenchmarks",
        "StorageBenchmarks",
      ]),
  ])
}

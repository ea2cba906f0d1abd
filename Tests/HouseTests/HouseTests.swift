import Testing

/// The plan of the house: what may lie where, and what may know of what.
@Suite struct HouseTests {
  /// What each folder may import beside the system's own modules.
  static let allowed: [String: Set<String>] = [
    "Sources/Platform": ["CPerflab", "CHwloc"],
    "Sources/Statistics": [],
    "Sources/Simulation": ["Statistics"],
    "Sources/Results": ["Statistics"],
    "Sources/Harness": ["CPerflab", "Platform", "Results", "Statistics", "Histogram"],
    "Sources/Techniques": ["CPerflab"],
    "Sources/Systems": [
      "CPerflab", "CPQ", "CRing", "CTLS", "Platform", "Statistics", "Histogram", "NIOCore",
      "NIOPosix", "NIOHTTP1", "NIOHTTP2", "NIOHPACK",
    ],
    "Sources/Databases": ["CLMDB", "CSQLite", "CSQLiteFiles", "Platform", "Statistics"],
    "Sources/Disks": ["CPerflab", "CUring", "Platform"],
    "Sources/Shop": [
      "Databases", "Platform", "Simulation", "Statistics", "Systems", "Techniques", "NIOCore",
      "NIOPosix", "NIOHTTP1", "NIOHTTP2",
    ],
    "Sources/Drills": [
      "Databases", "Platform", "Shop", "Statistics", "Systems", "NIOCore", "NIOPosix",
    ],
    "Sources/Assessment": [
      "Platform", "Prices", "Rendering", "Results", "Simulation", "Statistics",
    ],
    "Sources/Codecs": ["CCodecs", "Statistics"],
    "Sources/LoadBenches": ["Harness", "Results", "Statistics", "Systems"],
    "Prices": ["Harness", "Results"],
    "Data": ["Harness", "Results"],
    "Sources/TraceMap": ["Statistics"],
    "Sources/Rendering": ["Results"],
    "Sources/Lab": [
      "Platform", "Prices", "Statistics", "Results", "Harness", "Rendering", "Simulation",
      "ArgumentParser", "SystemPackage", "TraceMap",
    ],
    "Sources/perflab": [
      "Lab", "CPUBenchmarks", "MemoryBenchmarks", "NetworkBenchmarks", "StorageBenchmarks",
      "ScaleBenchmarks", "CostBenchmarks", "MigrationBenchmarks", "NumbersBenchmarks",
      "Assessment", "CalibrationBenchmarks", "ArgumentParser", "Platform", "Shop", "Systems",
    ],
    "Sources/perflab-core": [
      "Lab", "CPUBenchmarks", "MemoryBenchmarks", "NumbersBenchmarks", "CalibrationBenchmarks",
    ],
    "Benchmarks": [
      "CitedData", "Harness", "Techniques", "Systems", "Databases", "Disks", "Codecs", "Prices",
      "Simulation", "LoadBenches",
      "Results", "Statistics", "CPerflab", "CTLS", "Platform", "NIOCore", "NIOPosix", "NIOHTTP1",
      "SwiftProtobuf", "Shop", "Drills", "TraceMap", "CostBenchmarks",
    ],
  ]

  /// The toolchain's modules. Pure folders get none of them.
  static let system: Set<String> = ["Glibc", "Synchronization", "FoundationEssentials", "Dispatch"]
  static let pure: Set<String> = ["Sources/Statistics", "Sources/Results", "Sources/Rendering"]

  @Test(arguments: allowed.keys.sorted())
  func importsOnlyWhatItsFolderMay(folder: String) throws {
    let files = House.swiftFiles(below: folder)
    #expect(!files.isEmpty, "\(folder) has no Swift files")
    let may = Self.allowed[folder]!.union(Self.pure.contains(folder) ? [] : Self.system)
    for file in files {
      for line in try House.lines(file) where line.hasPrefix("import ") {
        let module = line.dropFirst(7).split(separator: ".").first.map(String.init) ?? ""
        #expect(may.contains(module), "\(file) may not import \(module)")
      }
    }
  }

  @Test func everySourceFolderHasARule() throws {
    let folders = Set(
      House.swiftFiles(below: "Sources").map {
        $0.split(separator: "/").prefix(2).joined(separator: "/")
      })
    #expect(folders.subtracting(Self.allowed.keys) == [])
  }

  @Test func noFileIsLongerThanFitsInAHead() throws {
    let folders = ["Sources", "Benchmarks", "Examples", "Tests"]
    for file in folders.flatMap(House.swiftFiles(below:)) {
      let count = try House.lines(file).count
      #expect(count <= 301, "\(file) has \(count) lines; 300 are the limit")
    }
  }

  @Test func experimentsAreShort() throws {
    var experiments = 0
    var long: [String] = []
    for file in House.swiftFiles(below: "Benchmarks") {
      let lines = try House.lines(file)
      guard lines.contains(where: { $0.contains(/static let \w+ = Experiment\(/) }) else {
        continue
      }
      experiments += 1
      // The last line ends with a line feed.
      let count = lines.count - 1
      #expect(count <= 180, "\(file) has \(count) lines; an experiment has at most 180")
      if count > 120 { long.append("\(file): \(count)") }
    }
    #expect(experiments > 0)
    #expect(long.count <= experiments / 10, "more than one in ten above 120 lines: \(long)")
  }

  @Test func everyDeclaredExperimentIsInItsCatalog() throws {
    for file in House.swiftFiles(below: "Benchmarks") where !file.hasSuffix("/Catalog.swift") {
      let area = file.split(separator: "/").prefix(2).joined(separator: "/")
      for line in try House.lines(file) {
        guard let match = line.firstMatch(of: /static let (\w+) = Experiment\(/) else { continue }
        let catalog = try House.text("\(area)/Catalog.swift")
        let entry = ".\(match.1)"
        let listed =
          catalog.contains(entry + ",") || catalog.contains(entry + "\n")
          || catalog.contains(entry + "]")
        #expect(listed, "\(file) declares \(entry), which \(area)/Catalog.swift does not list")
      }
    }
  }

  @Test func noOpenEndsAreLeftInTheCode() throws {
    let marks = ["TO" + "DO", "FIX" + "ME"]
    for file in ["Sources", "Benchmarks", "Tests"].flatMap(House.swiftFiles(below:)) {
      let text = try House.text(file)
      for mark in marks { #expect(!text.contains(mark), "\(file) says \(mark)") }
    }
  }

  /// A package of one's own needs what `Lab` is built from: all but what perflab's experiments use.
  @Test func aWorkflowInstallsWhatLabIsBuiltFrom() throws {
    func packages(_ path: String) throws -> Set<String> {
      Set(try House.text(path).matches(of: #/\b(?:lib|zlib)[a-z0-9]+-dev\b/#).map { String($0.0) })
    }
    let own: Set = ["libjemalloc-dev", "libpq-dev"]
    let needed = try packages("Tools/install-dependencies").subtracting(own)
    let workflow = "Examples/SessionCache/.github/workflows/perflab-ab.yml"
    for path in [workflow, "Examples/README.md"] {
      #expect(try packages(path) == needed, "\(path)")
    }
  }
}

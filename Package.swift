// swift-tools-version: 6.2
import PackageDescription

/// Modules without unsafe code of their own are held to it by the compiler.
let pure: [SwiftSetting] = [.strictMemorySafety()]

/// For what draws pages and parses commands: nothing of it is measured, a run spends little time
/// there, and to optimise it is a large part of a release build. Only the Makefile asks for this:
/// SwiftPM refuses such flags in a package that another one depends on by version.
let isMade = Context.environment["PERFLAB_MAKE"] != nil
let plain: [SwiftSetting] =
  isMade ? [.unsafeFlags(["-Onone"], .when(configuration: .release))] : []

let package = Package(
  name: "perflab",
  products: [
    .library(name: "Harness", targets: ["Harness", "Results"]),
    // All that a package of one's own needs: the command line, how an experiment is declared, and
    // the machine's numbers for its predictions.
    .library(name: "Lab", targets: ["Lab", "Harness", "Results", "NumbersBenchmarks"]),
    .library(name: "Techniques", targets: ["Techniques"]),
    .library(name: "Systems", targets: ["Systems"]),
    .library(name: "Databases", targets: ["Databases"]),
    .library(name: "Disks", targets: ["Disks"]),
    .library(name: "Shop", targets: ["Shop"]),
    .library(name: "Drills", targets: ["Drills"]),
    // Systems by discrete events, without the laboratory.
    .library(name: "Simulation", targets: ["Simulation"]),
    .library(name: "Assessment", targets: ["Assessment"]),
    .library(name: "Codecs", targets: ["Codecs"]),
    .library(name: "Statistics", targets: ["Statistics"]),
    .executable(name: "perflab", targets: ["perflab"]),
    .executable(name: "perflab-core", targets: ["perflab-core"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CHwloc",
      providers: [.apt(["libhwloc-dev"]), .yum(["hwloc-devel"])]),
    .systemLibrary(
      name: "CSQLite",
      providers: [.apt(["libsqlite3-dev"]), .yum(["sqlite-devel"])]),
    .systemLibrary(
      name: "CUring", pkgConfig: "liburing",
      providers: [.apt(["liburing-dev"]), .yum(["liburing-devel"])]),
    .systemLibrary(
      name: "CLMDB",
      providers: [.apt(["liblmdb-dev"]), .yum(["lmdb-devel"])]),
    .systemLibrary(
      name: "CPQ",
      providers: [.apt(["libpq-dev"]), .yum(["libpq-devel"])]),
    .target(name: "CSQLiteFiles", linkerSettings: [.linkedLibrary("sqlite3")]),
    .systemLibrary(
      name: "CCodecs",
      providers: [
        .apt(["zlib1g-dev", "libzstd-dev", "liblz4-dev", "libbrotli-dev"]),
        .yum(["zlib-devel", "libzstd-devel", "lz4-devel", "brotli-devel"]),
      ]),
    .target(
      name: "CPerflab",
      linkerSettings: [.linkedLibrary("numa"), .linkedLibrary("z")]),
    .target(name: "CRing", linkerSettings: [.linkedLibrary("uring")]),
    .target(name: "CTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "Platform", dependencies: ["CPerflab", "CHwloc"]),
    .target(name: "Statistics", swiftSettings: pure),
    .target(name: "Simulation", dependencies: ["Statistics"]),
    .target(name: "Results", dependencies: ["Statistics"], swiftSettings: pure),
    .target(
      name: "Harness",
      dependencies: [
        "Platform", "Results", "Statistics",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]),
    // Lets what an arena hands out borrow the arena; users of the module need no flag.
    .target(
      name: "Techniques", dependencies: ["CPerflab"],
      swiftSettings: [.enableExperimentalFeature("Lifetimes")]),
    // Hosts, links, services and load.
    .target(
      name: "Systems",
      dependencies: [
        "CPerflab", "CPQ", "CRing", "CTLS", "Platform", "Statistics",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
      ]),
    // Apart from Systems: the machine's numbers need it, and no network packages.
    .target(
      name: "Databases",
      dependencies: ["CLMDB", "CSQLite", "CSQLiteFiles", "Platform", "Statistics"]),
    // Apart from Systems for the same reason.
    .target(name: "Disks", dependencies: ["CPerflab", "CUring", "Platform"]),
    // The service that is measured, scaled and migrated.
    .target(
      name: "Shop",
      dependencies: [
        "Databases", "Platform", "Simulation", "Statistics", "Systems", "Techniques",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
      ]),
    // Migrations as values, and what keeps the truth meanwhile.
    .target(
      name: "Drills",
      dependencies: [
        "Databases", "Platform", "Shop", "Statistics", "Systems",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    // The three assessments: diagnosis, bill, plan.
    .target(
      name: "Assessment",
      dependencies: ["Platform", "Prices", "Rendering", "Results", "Simulation", "Statistics"]),
    .target(name: "Codecs", dependencies: ["CCodecs", "Statistics"]),
    // The lists lie in the executable: a release binary must not look for files.
    .target(
      name: "Prices", dependencies: ["Harness", "Results"], path: "Prices",
      resources: [
        .embedInCode("aws-us-east-1-2026-08.csv"), .embedInCode("google-us-central1-2026-08.csv"),
      ]),
    // Published figures that experiments compute with, in the executable for the same reason.
    .target(
      name: "CitedData", dependencies: ["Harness", "Results"], path: "Data",
      resources: [
        .embedInCode("region-round-trips-2017-04.csv"), .embedInCode("figures.csv"),
        .embedInCode("changes-perflab-2026-11.csv"),
      ]),
    // What calls what, and who shares which data, from a system's own traces.
    .target(name: "TraceMap", dependencies: ["Statistics"]),
    .target(name: "Rendering", dependencies: ["Results"], swiftSettings: pure + plain),
    .target(
      name: "CPUBenchmarks", dependencies: ["Harness", "Techniques"], path: "Benchmarks/CPU"),
    .target(
      name: "MemoryBenchmarks", dependencies: ["Harness", "Simulation", "Techniques"],
      path: "Benchmarks/Memory"),
    // What experiments on load share: servers by timer, and windows that are repeated where disturbed.
    .target(name: "LoadBenches", dependencies: ["Harness", "Results", "Statistics", "Systems"]),
    .target(
      name: "NetworkBenchmarks",
      dependencies: [
        "Harness", "LoadBenches", "Platform", "Simulation", "Statistics", "Systems", "Techniques",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Benchmarks/Network", exclude: ["Messages/messages.proto"]),
    .target(
      name: "StorageBenchmarks",
      dependencies: [
        "Databases", "Disks", "Harness", "Platform", "Simulation", "Statistics", "Systems",
        "Techniques",
      ],
      path: "Benchmarks/Storage"),
    .target(
      name: "ScaleBenchmarks",
      dependencies: [
        "CitedData", "Databases", "Harness", "LoadBenches", "Platform", "Prices", "Shop",
        "Simulation", "Statistics", "Systems", "Techniques",
      ],
      path: "Benchmarks/Scale"),
    .target(
      name: "CostBenchmarks",
      dependencies: [
        "Codecs", "Harness", "Platform", "Prices", "Simulation", "Statistics", "Techniques",
      ],
      path: "Benchmarks/Cost"),
    .target(
      name: "MigrationBenchmarks",
      dependencies: [
        "CitedData", "Codecs", "CostBenchmarks", "Databases", "Drills", "Harness", "Platform",
        "Prices", "Shop", "Simulation", "Statistics", "Systems", "Techniques", "TraceMap",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Benchmarks/Migration"),
    .target(
      name: "NumbersBenchmarks",
      dependencies: [
        "Codecs", "Databases", "Disks", "Harness", "CPerflab", "CTLS", "Platform", "Techniques",
      ],
      path: "Benchmarks/Numbers"),
    .target(
      name: "CalibrationBenchmarks", dependencies: ["Harness", "CPerflab", "Platform"],
      path: "Benchmarks/Calibration"),
    .target(
      name: "Lab",
      dependencies: [
        "Platform", "Prices", "Statistics", "Results", "Harness", "Rendering", "Simulation",
        "TraceMap",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: plain),
    .executableTarget(
      name: "perflab",
      dependencies: [
        "Lab", "CPUBenchmarks", "MemoryBenchmarks", "NetworkBenchmarks", "StorageBenchmarks",
        "ScaleBenchmarks", "CostBenchmarks", "MigrationBenchmarks", "NumbersBenchmarks",
        "Assessment", "CalibrationBenchmarks", "Platform", "Shop", "Systems",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // CPU and memory alone: `make bench` measures them before the rest is built.
    .executableTarget(
      name: "perflab-core",
      dependencies: [
        "Lab", "CPUBenchmarks", "MemoryBenchmarks", "NumbersBenchmarks", "CalibrationBenchmarks",
      ]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Statistics", "Techniques"]),
    .testTarget(name: "ResultsTests", dependencies: ["Results", "Statistics"]),
    .testTarget(
      name: "HarnessTests",
      dependencies: ["Harness", "Platform", "PlantedExperiments", "planted-worker"],
      exclude: ["Samples"]),
    .target(
      name: "PlantedExperiments", dependencies: ["Harness"], path: "Tests/Planted/Experiments"),
    .executableTarget(
      name: "planted-worker",
      dependencies: ["Harness", "PlantedExperiments", "Platform", "Results"],
      path: "Tests/Planted/Worker"),
    .executableTarget(
      name: "planted-lab", dependencies: ["Lab", "PlantedExperiments"], path: "Tests/Planted/Lab"),
    .executableTarget(
      name: "planted-network", dependencies: ["Platform", "Systems"],
      path: "Tests/Planted/Network"),
    .testTarget(
      name: "SystemsTests", dependencies: ["Platform", "Statistics", "Systems", "planted-network"]),
    .testTarget(name: "CodecsTests", dependencies: ["Codecs"]),
    .testTarget(name: "PricesTests", dependencies: ["CitedData", "Prices"]),
    .testTarget(name: "DatabasesTests", dependencies: ["Databases", "Platform"]),
    .testTarget(name: "TraceMapTests", dependencies: ["TraceMap"]),
    .testTarget(name: "DisksTests", dependencies: ["Disks", "Platform", "Statistics"]),
    .testTarget(
      name: "ShopTests",
      dependencies: ["Databases", "Platform", "Shop", "Simulation", "Systems"]),
    .testTarget(
      name: "DrillsTests",
      dependencies: ["Databases", "Drills", "Platform", "Shop", "Systems", "perflab"]),
    .testTarget(
      name: "AssessmentTests", dependencies: ["Assessment", "Platform", "perflab"],
      exclude: ["Fixtures"]),
    .testTarget(name: "TechniquesTests", dependencies: ["Techniques", "Statistics"]),
    .testTarget(name: "RenderingTests", dependencies: ["Rendering"], exclude: ["Goldens"]),
    .testTarget(
      name: "BenchmarksTests",
      dependencies: [
        "Harness", "Rendering", "Results", "CPUBenchmarks", "MemoryBenchmarks",
        "NetworkBenchmarks", "StorageBenchmarks", "ScaleBenchmarks", "CostBenchmarks",
        "MigrationBenchmarks", "NumbersBenchmarks", "Statistics", "Assessment",
      ]),
    .testTarget(name: "NumbersTests", dependencies: ["Harness", "NumbersBenchmarks", "Platform"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["perflab", "planted-lab", "Platform", "Results"]),
    .testTarget(name: "HouseTests"),
  ]
)

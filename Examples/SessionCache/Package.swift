// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "session-cache",
  dependencies: [
    // In a package of your own, instead:
    // .package(url: "https://github.com/OWNER/perflab", branch: "main"),
    .package(name: "perflab", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "bench", dependencies: [.product(name: "Lab", package: "perflab")],
      path: "Benchmarks")
  ]
)

// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "shop-simulation",
  dependencies: [
    // In a package of your own, instead:
    // .package(url: "https://github.com/OWNER/perflab", branch: "main"),
    .package(name: "perflab", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "simulate", dependencies: [.product(name: "Simulation", package: "perflab")],
      path: "Sources")
  ]
)

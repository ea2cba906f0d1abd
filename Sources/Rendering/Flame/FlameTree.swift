import Results

/// The stacks of a profile, merged by common prefixes.
struct FlameTree: Equatable {
  var name: String
  /// Stacks that go through here.
  var count: Int
  /// By name.
  var children: [FlameTree] = []

  /// The whole profile under one root.
  init(_ profile: Profile, root: String) {
    self.init(name: root, stacks: profile.stacks.map { ($0.frames[...], $0.count) })
  }

  private init(name: String, stacks: [(frames: ArraySlice<String>, count: Int)]) {
    self.name = name
    count = stacks.reduce(0) { $0 + $1.count }
    var below: [String: [(frames: ArraySlice<String>, count: Int)]] = [:]
    for stack in stacks {
      guard let first = stack.frames.first else { continue }
      below[first, default: []].append((stack.frames.dropFirst(), stack.count))
    }
    children = below.sorted { $0.key < $1.key }.map { FlameTree(name: $0.key, stacks: $0.value) }
  }

  /// Levels that hold a function of at least `least` stacks, this one included.
  func depth(least: Double) -> Int {
    1 + (children.filter { Double($0.count) >= least }.map { $0.depth(least: least) }.max() ?? 0)
  }
}

/// Whose code a function is, by its name.
enum FunctionKind: CaseIterable {
  case experiment, library, runtime, system

  init(_ name: String) {
    let last = name.split(separator: " ").last ?? ""
    self =
      if last.contains("Benchmarks.") || last.hasPrefix("Techniques.") {
        .experiment
      } else if name.hasPrefix("swift") || name.hasPrefix("_swift") {
        .runtime
      } else if name.hasPrefix("[") || !last.contains(".") {
        .system
      } else {
        .library
      }
  }

  var ink: Ink {
    switch self {
    case .experiment: .series(1)
    case .library: .series(0)
    case .runtime: .series(3)
    case .system: .baseline
    }
  }

  /// So faint that text stands out from it.
  var opacity: Double { self == .system ? 0.16 : 0.26 }

  var title: String {
    switch self {
    case .experiment: "the experiment"
    case .library: "Swift's library"
    case .runtime: "Swift's runtime"
    case .system: "the system"
    }
  }
}

import Drills
import Harness
import Results

/// A way to go through a phase: the drill, who takes the orders then, and how all gets back to
/// where the phase begins.
struct StranglerWay: Sendable {
  let drill: @Sendable (Strangler) throws -> Drill?
  /// Who takes the orders when the drill is over.
  var owner = ShopService.monolith
  /// The step whose rollback is rehearsed under load in each process; nil where none is promised.
  var rehearsed: String?
  /// Without a load.
  var restore: @Sendable (Strangler) throws -> Void = { _ in }
}

/// A strangler on its way, and what a rehearsal of the rollback has shown.
final class StranglerTrial {
  /// What the experiments on the strangler fig show beside what they compare.
  static let signals = [
    "response (p50)", "failed requests", "orders lost, doubled or diverged", "rehearsal: roll-back",
    "rehearsal: failed requests",
  ]

  private let strangler: Strangler
  private let way: StranglerWay
  private let seconds: Double
  private var rehearsal: [String: Counter] = [:]
  private(set) var report: [String: Counter] = [:]

  /// - Parameters:
  ///   - owner: of the orders before the phase.
  ///   - seconds: of each load.
  init(
    _ strangler: Strangler, _ way: StranglerWay, from owner: ShopService = .monolith,
    seconds: Double = 0.3
  ) throws {
    (self.strangler, self.way) = (strangler, way)
    self.seconds = SmokeRun.isThis ? 0.1 : seconds
    guard let step = way.rehearsed else { return }
    let isTrue = try strangler.serve(
      seconds: self.seconds, owner: owner, during: try way.drill(strangler), rehearsing: step)
    for name in ["roll-back", "failed requests"] {
      rehearsal["rehearsal: \(name)"] = strangler.report[name]
    }
    rehearsal["rehearsal: orders lost, doubled or diverged"] = .count(isTrue == 1 ? 0 : 1)
  }

  /// - Returns: 1 where every acknowledged order is there once, as it was.
  func go() -> UInt64 {
    orEnd {
      let drill = try way.drill(strangler)
      let isTrue = try strangler.serve(seconds: seconds, owner: way.owner, during: drill)
      try way.restore(strangler)
      report = strangler.report.merging(rehearsal) { first, _ in first }
      return isTrue
    }
  }
}

extension Variant {
  /// A way through a phase.
  /// - Parameter prepare: brings the strangler to where the phase begins.
  init(
    strangler name: String, isReference: Bool = false, shows: String, needs: [Requirement] = [],
    _ way: StranglerWay, from owner: ShopService = .monolith, seconds: Double = 0.3,
    prepare: @escaping @Sendable (Point) throws -> Strangler
  ) {
    self.init(
      name, isReference: isReference, shows: [shows], needs: needs,
      prepare: { try StranglerTrial(try prepare($0), way, from: owner, seconds: seconds) },
      report: { $0.report }, run: { $0.go() })
  }
}

import Drills
import Glibc
import Harness
import Results
import Statistics

/// A way to go through a phase: the drill, and how all gets back to where the phase begins.
struct StranglerWay: Sendable {
  let drill: @Sendable (Strangler) throws -> Drill?
  /// The step whose rollback is rehearsed under load; nil where none is promised.
  var rehearsed: String?
  /// Those of which one is killed or cut off in the middle of a drill.
  var victims: [ShopService] = []
  /// Without a load; also after a drill that was rolled back.
  var restore: @Sendable (Strangler) throws -> Void = { _ in }
}

/// A strangler on its way, and what a rehearsal has shown: of the rollback in every second process,
/// of a fault in the middle in the others.
final class StranglerTrial {
  /// What the experiments on the strangler fig show beside what they compare.
  static let signals = [
    "failed requests", "orders lost, doubled or diverged", "rehearsal: roll-back",
    "rehearsal: failed requests", "fault in the middle: orders lost, doubled or diverged",
    "fault in the middle: failed requests",
  ]

  private let strangler: Strangler
  private let way: StranglerWay
  private let seconds: Double
  /// Of the rehearsal.
  private var figures: [String: Counter] = [:]
  private(set) var report: [String: Counter] = [:]

  /// - Parameter seconds: of each load.
  init(_ strangler: Strangler, _ way: StranglerWay, _ point: Point, seconds: Double) throws {
    (self.strangler, self.way) = (strangler, way)
    self.seconds = SmokeRun.isThis ? 0.1 : seconds
    if let step = way.rehearsed, point.turn % 2 == 0 {
      _ = try strangler.serve(
        seconds: self.seconds, during: try way.drill(strangler), rehearsing: step)
      try way.restore(strangler)
      keep("rehearsal")
    } else {
      try suffer(point)
    }
  }

  private func suffer(_ point: Point) throws {
    var random = SeededGenerator(seed: point.seed, stream: 0xFA17)
    guard let victim = way.victims.randomElement(using: &random) else { return }
    let fault = [DrillFault.kill, .cutLink].randomElement(using: &random) ?? .kill
    let moment = Double.random(in: 0.01..<seconds / 2, using: &random)
    _ = try strangler.serve(seconds: seconds, during: try way.drill(strangler)) { [strangler] in
      usleep(UInt32(moment * 1e6))
      try strangler.suffer(fault, victim)
    }
    try way.restore(strangler)
    keep("fault in the middle")
  }

  private func keep(_ name: String) {
    for figure in ["roll-back", "failed requests", "orders lost, doubled or diverged"] {
      figures["\(name): \(figure)"] = strangler.report[figure]
    }
  }

  /// Goes through the phase.
  /// - Returns: 1 where every acknowledged order is there once, as it was.
  func go() -> UInt64 {
    orEnd {
      let isTrue = try strangler.serve(seconds: seconds, during: try way.drill(strangler))
      try way.restore(strangler)
      report = strangler.report.merging(figures) { first, _ in first }
      return isTrue
    }
  }
}

extension Variant {
  /// A way through a phase.
  /// - Parameter prepare: brings the strangler to where the phase begins.
  init(
    strangler name: String, isReference: Bool = false, shows: String, needs: [Requirement] = [],
    _ way: StranglerWay, seconds: Double,
    prepare: @escaping @Sendable (Point) throws -> Strangler
  ) {
    self.init(
      name, isReference: isReference, shows: [shows], needs: needs,
      prepare: { try StranglerTrial(try prepare($0), way, $0, seconds: seconds) },
      report: { $0.report }, run: { $0.go() })
  }
}

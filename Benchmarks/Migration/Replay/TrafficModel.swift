import Glibc

/// What a whiteboard knows of traffic and regressions: no Shop is asked.
enum TrafficModel {
  private static let sessions = Releases.areFew ? 2_000 : 20_000

  /// Sessions of a kind: how long they are, and what share of them meets each regression.
  struct Kind: Sendable {
    let length: Double
    let chances: [Double]

    init(_ next: () -> VisitScript) {
      let scripts = (0..<sessions).map { _ in next() }
      length = Double(scripts.reduce(0) { $0 + $1.steps.count }) / Double(sessions)
      let facts = scripts.map { VisitFacts($0) }
      chances = Regression.all.map { regression in
        Double(facts.count { regression.isMet($0) }) / Double(sessions)
      }
    }
  }

  static let mixed = Kind(TrafficSource(1).mixed)
  static let recorded = Kind(TrafficSource(1).recorded)

  /// The share of the regressions that no session meets: (1 − p)ⁿ each.
  static func missed(_ requests: Int, of kind: Kind) -> Double {
    let count = Double(requests) / kind.length
    let missed = kind.chances.reduce(0) { $0 + pow(1 - $1, count) }
    return missed / Double(kind.chances.count)
  }

  /// The same where sessions are chosen: by choosing in days of other customers.
  static func missedByShape(_ requests: Int) -> Double {
    let days = 8
    let missed = (1...days).reduce(0) { sum, day in
      let facts = VisitShapes.chosen(requests, of: TrafficSource(UInt64(1_000 + day)).day())
        .map { VisitFacts($0) }
      return sum + Regression.all.count { regression in !facts.contains(where: regression.isMet) }
    }
    return Double(missed) / Double(days * Regression.all.count)
  }
}

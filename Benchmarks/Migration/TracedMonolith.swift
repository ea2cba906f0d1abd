import Harness
import Results
import Statistics

/// A monolith with planted business areas, of which only the calls are known.
struct TracedMonolith {
  static let (businessAreas, layers) = (8, 4)
  static let modules = businessAreas * layers
  /// Calls of a request.
  static let calls = 10
  /// Traced ones, and as many that are counted afterwards.
  static let requests = 2_000

  /// From module to module.
  let calls: [[Double]]

  private static func traced(
    _ between: Double, _ random: inout SeededGenerator, each: (Int, Int) -> Void
  ) {
    for _ in 0..<requests {
      var module = Int.random(in: 0..<modules, using: &random)
      for _ in 0..<Self.calls {
        var area = module / layers
        let isBetween = random.share() < between
        if isBetween {
          area = (area + Int.random(in: 1..<businessAreas, using: &random)) % businessAreas
        }
        let own = module % layers
        let layer =
          isBetween
          ? Int.random(in: 0..<layers, using: &random)
          : (own + Int.random(in: 1..<layers, using: &random)) % layers
        let next = area * layers + layer
        each(module, next)
        module = next
      }
    }
  }

  /// Ends of calls at a cluster's modules.
  func ends(of cluster: Int, _ service: [Int]) -> Double {
    var sum = 0.0
    for module in service.indices where service[module] == cluster {
      for other in service.indices { sum += calls[module][other] + calls[other][module] }
    }
    return sum
  }

  /// Calls from one cluster to another, and back.
  func callsBetween(_ a: Int, _ b: Int, _ service: [Int]) -> Double {
    var sum = 0.0
    for from in service.indices where service[from] == a {
      for to in service.indices where service[to] == b { sum += calls[from][to] + calls[to][from] }
    }
    return sum
  }

  /// Cuts by a trace, and counts on other requests what crosses.
  static func replication(_ point: Point, _ cut: (TracedMonolith) -> [Int]) -> Replication {
    let between = Double(point.value) / 100
    var known = SeededGenerator(seed: point.seed, stream: 1)
    var calls = [[Double]](repeating: .init(repeating: 0, count: modules), count: modules)
    traced(between, &known) { calls[$0][$1] += 1 }
    let service = cut(TracedMonolith(calls: calls))
    var later = SeededGenerator(seed: point.seed, stream: 2)
    var crossing = 0
    traced(between, &later) { if service[$0] != service[$1] { crossing += 1 } }
    let whole = (0..<businessAreas).count { area in
      let own = Set(service[area * layers..<(area + 1) * layers])
      return own.count == 1 && service.count { $0 == own.first } == layers
    }
    return Replication(
      offered: later.next(),
      figures: [
        "calls across services per request": .count(Double(crossing) / Double(requests)),
        "services": .count(Double(Set(service).count)),
        "areas found whole": .count(Double(whole)),
      ])
  }
}

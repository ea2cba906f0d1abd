import Harness
import Results
import Statistics

/// A monolith with planted business areas, of which only the calls are known.
struct TracedMonolith {
  static let (businessAreas, layers) = (8, 4)
  static let modules = businessAreas * layers
  /// Calls of a request.
  static let calls = 10
  /// Of a move in waves, one for each layer, while something is at both sites.
  static let stages = layers - 1
  /// Traced ones, and as many that are counted afterwards.
  static let requests = 2_000

  /// Calls between modules.
  let graph: WeightedGraph

  private static func traced(
    _ between: Double, _ random: inout SeededGenerator, requests: Int = requests,
    each: (Int, Int) -> Void
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

  /// Cuts by a trace, and counts on other requests what crosses.
  static func replication(_ point: Point, _ cut: (TracedMonolith) -> [Int]) -> Replication {
    let between = Double(point.value) / 100
    let service = cut(observed(point))
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

  /// Moves the modules to another site in waves, ordered by a trace, and counts on other requests what
  /// goes from site to site in each stage but the last.
  static func moved(_ point: Point, by order: (TracedMonolith) -> [Int]) -> Replication {
    let between = Double(point.value) / 100
    let wave = order(observed(point))
    var later = SeededGenerator(seed: point.seed, stream: 2)
    var crossing = [Int](repeating: 0, count: stages)
    traced(between, &later) { from, to in
      for stage in crossing.indices where (wave[from] <= stage) != (wave[to] <= stage) {
        crossing[stage] += 1
      }
    }
    let each = crossing.map { Double($0) / Double(requests) }
    return Replication(
      offered: later.next(),
      figures: [
        "calls over the WAN per request": .count(each.reduce(0, +) / Double(each.count)),
        "in the worst stage": .count(each.max() ?? 0),
      ])
  }

  /// The calls of so many of these other requests.
  static func laterCalls(_ point: Point, requests: Int) -> [(from: Int, to: Int)] {
    var later = SeededGenerator(seed: point.seed, stream: 2)
    var calls: [(from: Int, to: Int)] = []
    traced(Double(point.value) / 100, &later, requests: requests) { calls.append(($0, $1)) }
    return calls
  }

  /// What is known from traced requests.
  static func observed(_ point: Point) -> TracedMonolith {
    var known = SeededGenerator(seed: point.seed, stream: 1)
    var graph = WeightedGraph(count: modules)
    traced(Double(point.value) / 100, &known) { graph.add(1, between: $0, and: $1) }
    return TracedMonolith(graph: graph)
  }
}

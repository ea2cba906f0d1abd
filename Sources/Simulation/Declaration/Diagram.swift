extension System {
  /// A Mermaid flowchart of the system, as it was declared.
  public var diagram: String {
    "flowchart LR\n" + diagramLines().map { "  \($0)\n" }.joined()
  }

  /// Nodes and arrows without the heading, to be set into a larger diagram.
  /// - Parameter prefix: of the names of nodes, so that two systems fit into one diagram.
  public func diagramLines(prefix: String = "") -> [String] {
    var drawing = Drawing(prefix: prefix)
    for source in sources {
      let id = drawing.node("source \(source.name)", source.name + "<br>" + source.text)
      _ = drawing.draw(source.route, from: [id], [])
    }
    return drawing.lines
  }
}

private struct Drawing {
  let prefix: String
  var lines: [String] = []
  private var ids: [String: String] = [:]
  private var arrows: Set<String> = []

  init(prefix: String) { self.prefix = prefix }

  mutating func node(_ name: String, _ text: String) -> String {
    if let id = ids[name] { return id }
    let id = "\(prefix)n\(ids.count)"
    ids[name] = id
    lines.append("\(id)[\"\(text)\"]")
    return id
  }

  private mutating func arrow(_ sources: [String], _ target: String, _ labels: [String]) {
    for source in sources {
      let label = labels.isEmpty ? "" : " -- \"\(labels.joined(separator: ", "))\""
      let line = "\(source)\(label) --> \(target)"
      if arrows.insert(line).inserted { lines.append(line) }
    }
  }

  /// Draws a route from what calls it; `labels` are what lies on the way.
  /// - Returns: what comes after it starts there.
  mutating func draw(_ route: Route, from sources: [String], _ labels: [String]) -> [String] {
    switch route.step {
    case .tier(let tier, let inner, let work):
      let id = node("tier \(tier.name)", tier.text)
      arrow(sources, id, labels + (work.map { ["\($0.name): \($0.duration)"] } ?? []))
      if let inner { _ = draw(inner, from: [id], []) }
      return [id]
    case .everyReplica(let tier):
      let id = node("tier \(tier.name)", tier.text)
      arrow(sources, id, labels + ["to every replica"])
      return [id]
    case .delay(let duration, let name):
      let id = node("delay \(name)", "\(name)<br>\(duration)")
      arrow(sources, id, labels)
      return [id]
    case .store(let store, let call):
      let id = node("store \(store.name)", store.text)
      arrow(sources, id, labels + (call.map { [$0 == .read ? "read" : "write"] } ?? []))
      return [id]
    case .sequence(let routes):
      var (ends, left) = (sources, labels)
      for route in routes {
        ends = draw(route, from: ends, left)
        left = []
      }
      return ends
    case .fallback(let first, let other):
      return draw(first, from: sources, labels)
        + draw(other, from: sources, labels + ["if it fails"])
    case .parallel(let routes, let needed, _):
      let label = needed == routes.count ? "all" : "\(needed) of \(routes.count)"
      // Many of the same are one arrow.
      return routes.reduce(into: []) { ends, route in
        for end in draw(route, from: sources, labels + [label]) where !ends.contains(end) {
          ends.append(end)
        }
      }
    case .choice(let shares, let routes, _):
      return zip(shares, routes).flatMap { share, route in
        draw(route, from: sources, labels + [percent(share)])
      }
    case .byKind(let reads, let writes):
      return draw(reads, from: sources, labels + ["reads"])
        + draw(writes, from: sources, labels + ["writes"])
    case .cache(let cache, let inner):
      let id = node("cache \(cache.name)", cache.text)
      arrow(sources, id, labels)
      _ = draw(inner, from: [id], ["misses"])
      return [id]
    default: return wrapped(route, from: sources, labels)
    }
  }

  private mutating func wrapped(
    _ route: Route, from sources: [String], _ labels: [String]
  ) -> [String] {
    switch route.step {
    case .again(let probability, let inner, _):
      return draw(inner, from: sources, labels + ["again with \(percent(probability))"])
    case .link(let link, let inner):
      let loss = link.loss > 0 ? ", \(percent(link.loss)) lost" : ""
      return draw(inner, from: sources, labels + ["\(link.name): \(link.latency)\(loss)"])
    case .timeout(let seconds, let inner, _):
      return draw(inner, from: sources, labels + ["time-out \(inUnits(seconds))"])
    case .retry(let retries, let inner, _):
      let budget = retries.budget < .infinity ? ", budget \(percent(retries.budget))" : ""
      return draw(
        inner, from: sources, labels + ["\(counted(retries.most, "retry", "retries"))\(budget)"])
    case .hedge(let seconds, let inner, let loser):
      let cancelled = loser == .kept ? ", not cancelled" : ""
      return draw(inner, from: sources, labels + ["hedge after \(inUnits(seconds))\(cancelled)"])
    case .breaker(_, let inner): return draw(inner, from: sources, labels + ["breaker"])
    case .background(let inner):
      _ = draw(inner, from: sources, labels + ["in the background"])
      return sources
    default: return sources
    }
  }
}

private func counted(_ count: Int, _ one: String, _ many: String) -> String {
  "\(count) \(count == 1 ? one : many)"
}

private func percent(_ share: Double) -> String { "\(threeDigits(100 * share))%" }

extension Source {
  fileprivate var text: String {
    switch arrivals {
    case .poisson(let rate): "\(threeDigits(rate)) per second"
    case .renewal(let gap): "every \(inUnits(gap.mean))"
    case .modulated(let phases):
      "bursts: \(phases.map { threeDigits($0.rate) }.joined(separator: ", ")) per second"
    case .varying(let points):
      "up to \(threeDigits(points.map(\.rate).max() ?? 0)) per second"
    case .recorded(let times): "\(times.count) recorded arrivals"
    case .closed(let users, let think):
      "\(counted(users, "user", "users")), think \(inUnits(think.mean))"
    }
  }
}

extension Tier {
  fileprivate var text: String {
    let count = replicas > 1 ? "\(replicas) × " : ""
    let places = servers > 1 ? "\(servers) places" : "one place"
    let queue =
      switch discipline {
      case .fifo: ""
      case .lifo: "<br>last in, first out"
      case .processorSharing: "<br>processor sharing"
      case .priority: "<br>by priority"
      }
    let time = service == .none ? "" : "<br>\(service)"
    return "\(name): \(count)\(places)\(time)\(queue)"
  }
}

extension Cache {
  fileprivate var text: String {
    "\(name): \(slots) slots" + (isPerReplica ? "<br>in each replica" : "")
  }
}

extension Store {
  fileprivate var text: String {
    switch kind {
    case .quorum(let reads, let writes):
      "\(name): \(replicas) replicas<br>R = \(reads), W = \(writes)"
    case .primary(let acknowledged, _):
      "\(name): primary + \(replicas - 1)<br>"
        + (acknowledged == 0 ? "asynchronous" : "\(acknowledged) acknowledged")
    }
  }
}

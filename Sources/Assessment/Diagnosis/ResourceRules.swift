/// What the machine's own figures say. A saturated resource is a symptom: what loads it, where that
/// is known, has the higher cost.
enum ResourceRules {
  static func processors(_ facts: Facts) -> [Finding] {
    guard
      let state = ResourceState.all(facts.readings).first(where: {
        $0.name.hasSuffix("processors") && $0.isSaturated
      }), let busy = state.utilisation
    else { return [] }
    var evidence = [
      Finding.Evidence(
        figure: "\(Text.percent(busy)) busy", threshold: "90%",
        why: "with random arrivals the wait grows with 1 ÷ (1 − utilisation)")
    ]
    if let saturation = state.saturation {
      evidence.append(
        .init(
          figure: saturation, threshold: "two tasks per processor", why: "tasks wait for their turn"
        ))
    }
    let processes = facts.readings.processes
    if let most = processes.first, most.busy > 0.05 {
      evidence.append(
        .init(
          figure: "\(most.name) uses \(Text.figure(most.busy)) processors", threshold: "–",
          why: "the largest share"))
    }
    let used = processes.reduce(0) { $0 + $1.busy }
    let isOthers = !processes.isEmpty && used < 0.4 * busy * facts.processors
    if isOthers {
      evidence.append(
        .init(
          figure: "the processes that were looked at use \(Text.figure(used)) of "
            + "\(Text.figure(busy * facts.processors)) busy processors",
          threshold: "40%", why: "the rest belongs to others"))
    }
    return [
      Finding(
        kind: isOthers ? .otherPrograms : .processor, subject: state.name, cost: 0.5 * busy,
        evidence: evidence)
    ]
  }

  static func memory(_ facts: Facts) -> [Finding] {
    guard let state = ResourceState.all(facts.readings).first(where: { $0.name == "memory" }) else {
      return []
    }
    let available = facts.readings.mean(.memoryAvailable) ?? 1
    guard state.isSaturated || available < 0.03 else { return [] }
    return [
      Finding(
        kind: .memoryShortage, subject: "memory", cost: 0.6,
        evidence: [
          .init(
            figure: state.saturation ?? "\(Text.percent(available)) available",
            threshold: "100 pages per second, 10% of the time, or 3% available",
            why: "the kernel writes memory to the device and reads it again")
        ])
    ]
  }

  /// A process that grows along a straight line while it serves evenly.
  static func growth(_ facts: Facts) -> [Finding] {
    facts.readings.names(of: .processMemory).compactMap { name -> Finding? in
      guard let size = facts.readings.figures[.init(.processMemory, name)],
        size.values.count >= 12, size.span >= 5, let trend = size.trend(from: 0.3),
        let last = size.values.last, last > 0
      else { return nil }
      let perHour = trend.slope * 3_600
      let gained = trend.slope * size.span * 0.7
      guard trend.explained >= 0.9, gained >= 4_194_304, gained >= 0.02 * last,
        isSteady(size)
      else { return nil }
      var evidence = [
        Finding.Evidence(
          figure: "\(Text.bytes(trend.slope)) per second, \(Text.percent(trend.explained)) of the "
            + "variance explained by a straight line",
          threshold: "2% of its memory, 90%",
          why: "caches fill and then stay; what grows evenly is not freed")
      ]
      if let rate = facts.rate, rate > 1 {
        evidence.append(
          .init(
            figure: "\(Text.bytes(trend.slope / rate)) per request", threshold: "–",
            why: "the growth ÷ the throughput"))
      }
      if let total = facts.readings.mean(.memoryTotal), perHour > 0 {
        evidence.append(
          .init(
            figure:
              "\(Text.seconds((total - last) / trend.slope)) until \(Text.bytes(total)) are full",
            threshold: "–", why: "at this pace"))
      }
      return Finding(kind: .memoryGrowth, subject: name, cost: 0.5, evidence: evidence)
    }
  }

  /// Whether the second part grows as fast as the first: a cache that fills slows down.
  private static func isSteady(_ size: Series) -> Bool {
    let count = size.values.count
    let (first, middle, last) = (
      size.values[count * 3 / 10], size.values[count * 65 / 100], size.values[count - 1]
    )
    return last - middle >= 0.6 * (middle - first) && last > middle
  }

  static func disks(_ facts: Facts) -> [Finding] {
    ResourceState.all(facts.readings).filter { $0.name.hasPrefix("disk ") && $0.isSaturated }.map {
      Finding(
        kind: .disk, subject: $0.name, cost: 0.4 * ($0.utilisation ?? 1),
        evidence: [
          .init(
            figure: "\(Text.percent($0.utilisation ?? 1)) busy, \($0.saturation ?? "")",
            threshold: "90%, 2 in the queue", why: "requests wait for others")
        ])
    }
  }

  static func network(_ facts: Facts) -> [Finding] {
    ResourceState.all(facts.readings).filter {
      ($0.name == "TCP" || $0.name.hasPrefix("interface")) && $0.isSaturated
    }.map { state in
      Finding(
        kind: .network, subject: state.name, cost: 0.3,
        evidence: [
          .init(
            figure: [state.saturation, state.errors].compactMap(\.self).joined(separator: ", "),
            threshold: "1% and 1 per second sent again, 1 error or 0.1 drops per second",
            why: "a lost packet costs at least a round trip, often 200 ms")
        ])
    }
  }

  static func functions(_ facts: Facts) -> [Finding] {
    let all = Double(facts.readings.stackSamples)
    guard all >= 100, let top = facts.readings.functions.max(by: { $0.value.own < $1.value.own })
    else { return [] }
    let share = Double(top.value.own) / all
    guard share >= 0.2 else { return [] }
    let busy = facts.busy ?? 1
    return [
      Finding(
        kind: .hotFunction, subject: String(top.key.prefix(80)), cost: 0.6 * share * busy,
        evidence: [
          .init(
            figure: "\(Text.percent(share)) of \(Text.grouped(all)) samples",
            threshold: "20%", why: "time in the function itself, without what it calls")
        ])
    ]
  }
}

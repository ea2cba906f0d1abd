import Statistics

extension Engine {
  /// The replica for a frame among those that the balancer knows; none if there is none.
  @inline(__always)
  mutating func choose(_ tier: Int, for frame: Int32) -> Int32 {
    let count = Int(tiers[tier].knownCount)
    if count == 1 { return tiers[tier].known[0] }
    return chooseAmong(count, tier, frame)
  }

  @inline(never)
  private mutating func chooseAmong(_ count: Int, _ tier: Int, _ frame: Int32) -> Int32 {
    guard count > 0 else { return Frame.none }
    let known = tiers[tier].known
    let stream = Int(tiers[tier].choices)
    switch tiers[tier].balancer {
    case .random: return known[draws[stream].generator.index(below: count)]
    case .roundRobin:
      tiers[tier].turn = (tiers[tier].turn &+ 1) % Int32(truncatingIfNeeded: count)
      return known[Int(tiers[tier].turn)]
    case .leastOf:
      return leastLoaded(Int(tiers[tier].sampled), known, count, stream)
    case .leastLoaded: return leastLoaded(known, count, stream)
    case .hash:
      let mixed = UInt64(truncatingIfNeeded: frames[Int(frame)].key) &* 0x9E37_79B9_7F4A_7C15
      let spread = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
      return known[Int(spread.multipliedFullWidth(by: UInt64(count)).high)]
    case .sameAsCaller: return companion(of: frame, in: tier)
    }
  }

  /// The least loaded of some that are drawn, no two of them the same.
  private mutating func leastLoaded(
    _ sampled: Int, _ known: UnsafeMutablePointer<Int32>, _ count: Int, _ stream: Int
  ) -> Int32 {
    guard sampled < count else { return leastLoaded(known, count, stream) }
    var best = Frame.none
    for drawn in 0..<sampled {
      // A partial shuffle: what was drawn moves to the front.
      let other = drawn + draws[stream].generator.index(below: count - drawn)
      let place = known[other]
      known[other] = known[drawn]
      known[drawn] = place
      if best < 0 || replicas[Int(place)].inSystem < replicas[Int(best)].inSystem { best = place }
    }
    return best
  }

  /// The least loaded of all, from a random place on, so that the first is not preferred.
  private mutating func leastLoaded(
    _ known: UnsafeMutablePointer<Int32>, _ count: Int, _ stream: Int
  ) -> Int32 {
    let start = draws[stream].generator.index(below: count)
    var best = known[start]
    for step in 1..<count {
      let place = known[start + step < count ? start + step : start + step - count]
      if replicas[Int(place)].inSystem < replicas[Int(best)].inSystem { best = place }
    }
    return best
  }

  /// The replica with the same number as the one that calls.
  private func companion(of frame: Int32, in tier: Int) -> Int32 {
    guard let caller = replica(above: frame) else { return tiers[tier].known[0] }
    return tiers[tier].firstReplica + replicas[caller].index % tiers[tier].replicaCount
  }

  /// The replica that a frame's caller runs on.
  func replica(above frame: Int32) -> Int? {
    var above = frames[Int(frame)].parent
    while above >= 0 {
      if nodes[Int(frames[Int(above)].node)].kind == .tier { return Int(frames[Int(above)].place) }
      above = frames[Int(above)].parent
    }
    return nil
  }
}

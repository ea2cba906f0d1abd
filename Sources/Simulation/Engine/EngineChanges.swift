import Statistics

/// An outage during a run.
struct OutageState {
  let tier: Int
  let replicas: Range<Int>
  let slowdown: Double
  let detection: Double
}

/// What the autoscaler of a tier remembers.
struct ScalingState {
  let scaling: Autoscaling
  let boot: Int32
  var busy = 0.0
  var decided = 0.0
  var raised = -Double.infinity
}

// Replicas that fail, are repaired, are added and removed.
extension Engine {
  /// A tier at the start.
  mutating func open(_ tier: Int) {
    let first = Int(tiers[tier].firstReplica)
    for place in first..<first + Int(tiers[tier].replicaCount) where replicas[place].isMember {
      tiers[tier].up += 1
      tiers[tier].paid += 1
      notice(place)
      if let failures = setup.failures[tier] { schedule(.fail, place, after: failures.draw) }
    }
    if let scaling = setup.scalings[tier] {
      calendar.schedule(.scale, at: scaling.scaling.period, Int32(tier), 0)
    }
    for (index, outage) in setup.outages.enumerated() where outage.state.tier == tier {
      calendar.schedule(.outage, at: outage.start, Int32(index), 0)
      calendar.schedule(.outage, at: outage.start + outage.length, Int32(index), 1)
    }
  }

  private mutating func schedule(_ kind: Event.Kind, _ place: Int, after draw: Int32) {
    calendar.schedule(kind, at: now + draws[Int(draw)].next(layers), Int32(place), 0)
  }

  /// A replica fails, and with it all that it holds.
  mutating func fail(_ place: Int) {
    let tier = Int(replicas[place].tier)
    guard let failures = setup.failures[tier] else { return }
    takeDown(place, tier, noticedAfter: failures.detection)
    schedule(.repair, place, after: failures.draw + 1)
  }

  /// A replica is repaired.
  mutating func recover(_ place: Int) {
    let tier = Int(replicas[place].tier)
    guard let failures = setup.failures[tier] else { return }
    bringUp(place, tier, noticedAfter: failures.detection)
    schedule(.fail, place, after: failures.draw)
  }

  /// Outages begin and end.
  mutating func outage(_ index: Int, _ isEnd: UInt32) {
    let outage = setup.outages[index].state
    let first = Int(tiers[outage.tier].firstReplica)
    for number in outage.replicas where number < tiers[outage.tier].replicaCount {
      let place = first + number
      if outage.slowdown < .infinity {
        if hasShares(outage.tier) { progress(place) }
        replicas[place].pace = isEnd == 0 ? outage.slowdown : 1
        if hasShares(outage.tier), replicas[place].busy > 0 { expect(place) }
      } else if isEnd == 0 {
        takeDown(place, outage.tier, noticedAfter: outage.detection)
      } else {
        bringUp(place, outage.tier, noticedAfter: outage.detection)
      }
    }
  }

  private mutating func takeDown(_ place: Int, _ tier: Int, noticedAfter delay: Double) {
    guard replicas[place].isUp else { return }
    touch(tier)
    replicas[place].isUp = false
    if replicas[place].isMember { tiers[tier].up -= 1 }
    flush(place, tier)
    noticeLater(place, delay)
  }

  private mutating func bringUp(_ place: Int, _ tier: Int, noticedAfter delay: Double) {
    guard !replicas[place].isUp else { return }
    touch(tier)
    replicas[place].isUp = true
    if replicas[place].isMember { tiers[tier].up += 1 }
    noticeLater(place, delay)
  }

  private mutating func noticeLater(_ place: Int, _ delay: Double) {
    if delay > 0 {
      calendar.schedule(.noticed, at: now + delay, Int32(place), 0)
    } else {
      notice(place)
    }
  }

  /// The balancer learns how a replica is.
  mutating func notice(_ place: Int) {
    let isThere = replicas[place].isUp && replicas[place].isMember
    guard isThere != replicas[place].isKnown else { return }
    replicas[place].isKnown = isThere
    let tier = Int(replicas[place].tier)
    let known = tiers[tier].known
    if isThere {
      known[Int(tiers[tier].knownCount)] = Int32(place)
      tiers[tier].knownCount += 1
    } else {
      let last = Int(tiers[tier].knownCount) - 1
      let found = (0...last).first { known[$0] == Int32(place) } ?? last
      known[found] = known[last]
      tiers[tier].knownCount -= 1
    }
  }

  /// The autoscaler decides by the utilisation since the last time.
  mutating func scale(_ tier: Int) {
    guard var state = setup.scalings[tier] else { return }
    touch(tier)
    calendar.schedule(.scale, at: now + state.scaling.period, Int32(tier), 0)
    let places = Double(tiers[tier].up) * Double(tiers[tier].servers)
    let busy = (tiers[tier].counts.busy - state.busy) / ((now - state.decided) * max(1, places))
    state.busy = tiers[tier].counts.busy
    state.decided = now
    let ready = Double(max(1, tiers[tier].up))
    let range = state.scaling.range
    // A hair below, so that exactly the target does not ask for one more.
    let wanted = Int((ready * busy / state.scaling.target - 1e-9).rounded(.up))
    let count = min(max(wanted, range.lowerBound), range.upperBound)
    if count > tiers[tier].paid {
      state.raised = now
      for _ in tiers[tier].paid..<count { boot(tier, state.boot) }
    } else if count < tiers[tier].paid, now - state.raised >= state.scaling.settling {
      for _ in count..<tiers[tier].paid { retire(tier) }
    }
    tiers[tier].counts.mostPaid = max(tiers[tier].counts.mostPaid, tiers[tier].paid)
    setup.scalings[tier] = state
  }

  private mutating func boot(_ tier: Int, _ draw: Int32) {
    let first = Int(tiers[tier].firstReplica)
    let all = first..<first + Int(tiers[tier].replicaCount)
    guard let place = all.first(where: { !replicas[$0].isMember && !replicas[$0].isBooting })
    else { return }
    replicas[place].isBooting = true
    tiers[tier].paid += 1
    let end = now + draws[Int(draw)].next(layers)
    replicas[place].bootEnds = end
    calendar.schedule(.booted, at: end, Int32(place), 0)
  }

  /// A replica that was added serves from now on.
  mutating func booted(_ place: Int) {
    let tier = Int(replicas[place].tier)
    // Not the event of an earlier boot that was called off.
    guard replicas[place].isBooting, now >= replicas[place].bootEnds else { return }
    touch(tier)
    (replicas[place].isBooting, replicas[place].isMember) = (false, true)
    tiers[tier].up += 1
    notice(place)
  }

  /// One replica fewer: one that still boots, or else one that ends what it has.
  private mutating func retire(_ tier: Int) {
    let first = Int(tiers[tier].firstReplica)
    let all = (first..<first + Int(tiers[tier].replicaCount)).reversed()
    if let place = all.first(where: { replicas[$0].isBooting }) {
      replicas[place].isBooting = false
    } else if let place = all.first(where: { replicas[$0].isMember }) {
      replicas[place].isMember = false
      if replicas[place].isUp { tiers[tier].up -= 1 }
      notice(place)
    } else {
      return
    }
    tiers[tier].paid -= 1
  }
}

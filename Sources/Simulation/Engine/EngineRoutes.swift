// How a frame begins at each kind of step, goes on, and wakes up.
extension Engine {
  @inline(__always)
  mutating func enter(_ frame: Int32) {
    if nodes[Int(frames[Int(frame)].node)].kind == .tier { return enterTier(frame) }
    enterOther(frame)
  }

  @inline(never)
  private mutating func enterOther(_ frame: Int32) {
    let node = nodes[Int(frames[Int(frame)].node)]
    switch node.kind {
    case .tier: enterTier(frame)
    case .everyReplica: enterEveryReplica(frame, node)
    case .delay, .link: travel(frame, .going, node)
    case .store: enterStore(frame, Int(node.object))
    case .sequence, .fallback, .again: start(steps[Int(node.first)], under: frame)
    case .timeout, .hedge:
      sleep(frame, node.amount)
      start(steps[Int(node.first)], under: frame)
    case .retry:
      if node.amount < .infinity {
        budgets[Int(node.object)] = min(10, budgets[Int(node.object)] + node.amount)
      }
      start(steps[Int(node.first)], under: frame)
    case .parallel: enterParallel(frame, node)
    case .choice:
      let number = draws[Int(node.draw)].generator.uniform()
      start(steps[Int(node.first) + chosen(node, number)], under: frame)
    case .byKind:
      start(steps[Int(node.first) + (frames[Int(frame)].isWrite ? 1 : 0)], under: frame)
    case .cache: enterCache(frame, Int(node.object))
    case .breaker: enterBreaker(frame, node)
    case .background:
      let generation = frames[Int(frame)].generation
      start(steps[Int(node.first)], under: frame)
      if frames[Int(frame)].generation == generation {
        abandon(below: frame, .kept)
        finish(frame, .success)
      }
    }
  }

  /// The frame's child has ended.
  @inline(__always)
  mutating func resume(_ frame: Int32, _ ending: Ending) {
    if nodes[Int(frames[Int(frame)].node)].kind == .tier { return leave(frame, ending) }
    resumeOther(frame, ending)
  }

  @inline(never)
  private mutating func resumeOther(_ frame: Int32, _ ending: Ending) {
    let index = Int(frame)
    let node = nodes[Int(frames[index].node)]
    switch node.kind {
    case .tier: leave(frame, ending)
    case .sequence:
      frames[index].count &+= 1
      if ending == .success, frames[index].count < node.count {
        start(steps[Int(node.first + frames[index].count)], under: frame)
      } else {
        finish(frame, ending)
      }
    case .fallback:
      frames[index].count &+= 1
      if ending != .success, frames[index].count < node.count {
        start(steps[Int(node.first + frames[index].count)], under: frame)
      } else {
        finish(frame, ending)
      }
    case .parallel, .everyReplica: resumeParallel(frame, node, ending)
    case .again:
      if ending == .success, draws[Int(node.draw)].generator.uniform() < node.amount {
        start(steps[Int(node.first)], under: frame)
      } else {
        finish(frame, ending)
      }
    case .link:
      frames[index].count = Int32(ending.rawValue)
      travel(frame, .returning, node)
    case .cache: resumeCache(frame, Int(node.object), ending)
    case .retry: resumeRetry(frame, node, ending)
    case .hedge:
      // A failure counts only if no copy is left that might succeed.
      if ending != .success, frames[index].child >= 0 { return }
      abandon(below: frame, node.leftovers)
      finish(frame, ending)
    case .breaker: resumeBreaker(frame, node, ending)
    case .timeout, .choice, .byKind, .background, .delay, .store: finish(frame, ending)
    }
  }

  /// The frame's time has come.
  mutating func wake(_ frame: Int32) {
    let index = Int(frame)
    let node = nodes[Int(frames[index].node)]
    switch node.kind {
    case .delay: finish(frame, .success)
    case .link:
      if frames[index].phase == .going {
        start(steps[Int(node.first)], under: frame)
      } else {
        finish(frame, Ending(rawValue: UInt8(frames[index].count)) ?? .failed)
      }
    case .timeout:
      abandon(below: frame, node.leftovers)
      finish(frame, .timedOut)
    case .hedge: start(steps[Int(node.first)], under: frame, isRepeat: true)
    case .retry: start(steps[Int(node.first)], under: frame, isRepeat: true)
    case .cache: lookedUp(frame, Int(node.object))
    case .store: deliver(frame, Int(node.object))
    default: break
    }
  }

  /// Wakes a frame after a time.
  @inline(__always)
  mutating func sleep(_ frame: Int32, _ seconds: Double) {
    calendar.schedule(.wake, at: now + seconds, frame, frames[Int(frame)].generation)
  }

  /// A message is under way for a time; a lost one is given up after two minutes, as a connection is.
  private mutating func travel(_ frame: Int32, _ phase: Frame.Phase, _ node: Node) {
    frames[Int(frame)].phase = phase
    let seconds = draws[Int(node.draw)].next(layers)
    if node.amount > 0, draws[Int(node.draw) + 1].generator.uniform() < node.amount {
      frames[Int(frame)].phase = .returning
      frames[Int(frame)].count = Int32(Ending.failed.rawValue)
      return sleep(frame, 120)
    }
    sleep(frame, seconds)
  }

  private func chosen(_ node: Node, _ number: Double) -> Int {
    let shares = setup.shares(of: node)
    var (place, sum) = (0, shares[0])
    while place < Int(node.count) - 1, sum <= number {
      place += 1
      sum += shares[place]
    }
    return place
  }

  private mutating func enterParallel(_ frame: Int32, _ node: Node) {
    frames[Int(frame)].count = node.needed
    let generation = frames[Int(frame)].generation
    for step in 0..<Int(node.count) {
      start(steps[Int(node.first) + step], under: frame)
      if frames[Int(frame)].generation != generation { return }
    }
  }

  private mutating func enterEveryReplica(_ frame: Int32, _ node: Node) {
    let tier = Int(node.object)
    frames[Int(frame)].count = tiers[tier].knownCount
    let generation = frames[Int(frame)].generation
    if tiers[tier].knownCount == 0 { return finish(frame, .failed) }
    for member in 0..<Int(tiers[tier].knownCount) {
      start(steps[Int(node.first)], under: frame, place: tiers[tier].known[member])
      if frames[Int(frame)].generation != generation { return }
    }
  }

  private mutating func resumeParallel(_ frame: Int32, _ node: Node, _ ending: Ending) {
    let index = Int(frame)
    if ending == .success {
      frames[index].count &-= 1
    } else {
      // In `work`: how many have failed.
      frames[index].work += 1
    }
    let all = node.kind == .parallel ? node.count : tiers[Int(node.object)].knownCount
    let mayFail = node.kind == .parallel ? node.count - node.needed : 0
    if frames[index].count == 0 || frames[index].work > Double(min(mayFail, all)) {
      abandon(below: frame, node.leftovers)
      finish(frame, frames[index].count == 0 ? .success : ending)
    }
  }

  private mutating func resumeRetry(_ frame: Int32, _ node: Node, _ ending: Ending) {
    let index = Int(frame)
    let budget = Int(node.object)
    guard ending != .success, frames[index].count < node.needed, budgets[budget] >= 1 else {
      return finish(frame, ending)
    }
    budgets[budget] -= 1
    var seconds = draws[Int(node.draw)].next(layers)
    for _ in 0..<frames[index].count { seconds *= setup.growths[budget] }
    frames[index].count &+= 1
    sleep(frame, seconds)
  }
}

/// A breaker during a run.
struct BreakerState {
  let share: Double
  let window: Int32
  let rest: Double
  var calls: Int32 = 0
  var failures: Int32 = 0
  /// While it is open; one call may try after that.
  var opensUntil = 0.0
  var isTrying = false
  var isOpen = false
}

extension Engine {
  fileprivate mutating func enterBreaker(_ frame: Int32, _ node: Node) {
    let breaker = Int(node.object)
    if breakers[breaker].isOpen {
      guard now >= breakers[breaker].opensUntil, !breakers[breaker].isTrying else {
        return finish(frame, .refused)
      }
      breakers[breaker].isTrying = true
      frames[Int(frame)].phase = .going
    }
    start(steps[Int(node.first)], under: frame)
  }

  fileprivate mutating func resumeBreaker(_ frame: Int32, _ node: Node, _ ending: Ending) {
    let breaker = Int(node.object)
    if frames[Int(frame)].phase == .going {
      breakers[breaker].isTrying = false
      breakers[breaker].isOpen = ending != .success
      breakers[breaker].opensUntil = now + breakers[breaker].rest
    } else if !breakers[breaker].isOpen {
      breakers[breaker].calls += 1
      if ending != .success { breakers[breaker].failures += 1 }
      if breakers[breaker].calls == breakers[breaker].window {
        let share = Double(breakers[breaker].failures) / Double(breakers[breaker].window)
        if share > breakers[breaker].share {
          breakers[breaker].isOpen = true
          breakers[breaker].opensUntil = now + breakers[breaker].rest
        }
        (breakers[breaker].calls, breakers[breaker].failures) = (0, 0)
      }
    }
    finish(frame, ending)
  }
}

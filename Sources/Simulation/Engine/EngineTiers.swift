import Statistics

// Tiers with queues; processor sharing has a file of its own.
extension Engine {
  /// Brings a tier's integrals up to date, before one of its numbers changes.
  @inline(__always)
  mutating func touch(_ tier: Int) {
    let elapsed = now - tiers[tier].touched
    tiers[tier].touched = now
    tiers[tier].counts.inSystem += elapsed * Double(tiers[tier].inSystem)
    tiers[tier].counts.busy += elapsed * Double(tiers[tier].busy)
    tiers[tier].counts.up += elapsed * Double(tiers[tier].up)
    tiers[tier].counts.paid += elapsed * Double(tiers[tier].paid)
  }

  /// A frame comes to a tier.
  @inline(__always)
  mutating func enterTier(_ frame: Int32) {
    let index = Int(frame)
    let node = Int(frames[index].node)
    let tier = Int(nodes[node].object)
    touch(tier)
    tiers[tier].counts.arrivals &+= 1
    let stream = nodes[node].draw &+ (frames[index].isRepeat ? 1 : 0)
    frames[index].work = draws[Int(stream)].next(layers)
    let place = nodes[node].isPlaced ? frames[index].place : choose(tier, for: frame)
    guard place >= 0, replicas[Int(place)].isUp else {
      tiers[tier].counts.failed &+= 1
      frames[index].phase = .new
      return finish(frame, .failed)
    }
    frames[index].place = place
    guard replicas[Int(place)].inSystem < tiers[tier].capacity else {
      tiers[tier].counts.rejected &+= 1
      frames[index].phase = .new
      return finish(frame, .rejected)
    }
    tiers[tier].inSystem &+= 1
    replicas[Int(place)].inSystem &+= 1
    if tiers[tier].discipline == .sharing { return share(frame, Int(place)) }
    if replicas[Int(place)].busy < tiers[tier].servers {
      frames[index].work += tiers[tier].setup
      begin(frame, Int(place), tier)
    } else {
      enqueue(frame, Int(place), tier)
    }
  }

  /// A place starts to work for a frame.
  @inline(__always)
  private mutating func begin(_ frame: Int32, _ place: Int, _ tier: Int) {
    replicas[place].busy &+= 1
    tiers[tier].busy &+= 1
    tiers[tier].counts.begun &+= 1
    let wait = now - frames[Int(frame)].started
    if wait > 0 {
      tiers[tier].counts.waited &+= 1
      tiers[tier].counts.waitSeconds += wait
    }
    frames[Int(frame)].phase = .serving
    if tiers[tier].listsServing { list(frame, place) }
    calendar.schedule(
      .served, at: now + frames[Int(frame)].work * replicas[place].pace, frame,
      frames[Int(frame)].generation)
  }

  /// A frame has been served.
  @inline(__always)
  mutating func served(_ frame: Int32) {
    let node = Int(frames[Int(frame)].node)
    if nodes[node].count > 0 {
      frames[Int(frame)].phase = .calling
      return start(steps[Int(nodes[node].first)], under: frame)
    }
    leave(frame, .success)
  }

  /// A frame leaves a tier; the next one gets its place.
  @inline(__always)
  mutating func leave(_ frame: Int32, _ ending: Ending) {
    let place = Int(frames[Int(frame)].place)
    let tier = Int(replicas[place].tier)
    touch(tier)
    if ending == .success { tiers[tier].counts.served &+= 1 }
    vacate(frame, place, tier)
    finish(frame, ending)
  }

  /// Gives the place of a frame in service to the next one.
  @inline(__always)
  private mutating func vacate(_ frame: Int32, _ place: Int, _ tier: Int) {
    replicas[place].inSystem &-= 1
    tiers[tier].inSystem &-= 1
    if tiers[tier].listsServing { unlist(frame, place) }
    if tiers[tier].discipline == .sharing { return }
    replicas[place].busy &-= 1
    tiers[tier].busy &-= 1
    if replicas[place].waiting > 0 { pull(place, tier) }
  }

  /// Starts service for those that wait, while there is a place.
  mutating func pull(_ place: Int, _ tier: Int) {
    while replicas[place].waiting > 0, replicas[place].busy < tiers[tier].servers {
      let frame = dequeue(place, tier)
      if now - frames[Int(frame)].started > tiers[tier].maximumAge {
        replicas[place].inSystem &-= 1
        tiers[tier].inSystem &-= 1
        tiers[tier].counts.dropped &+= 1
        finish(frame, .dropped)
      } else {
        begin(frame, place, tier)
      }
    }
  }

  @inline(__always)
  private mutating func enqueue(_ frame: Int32, _ place: Int, _ tier: Int) {
    replicas[place].waiting &+= 1
    frames[Int(frame)].phase = .waiting
    let queue = queue(of: frame, place, tier)
    if tiers[tier].discipline == .lifo {
      let head = queues[queue].head
      frames[Int(frame)].behind = head
      if head >= 0 { frames[Int(head)].ahead = frame } else { queues[queue].tail = frame }
      queues[queue].head = frame
    } else {
      let tail = queues[queue].tail
      frames[Int(frame)].ahead = tail
      if tail >= 0 { frames[Int(tail)].behind = frame } else { queues[queue].head = frame }
      queues[queue].tail = frame
    }
  }

  @inline(__always)
  private func queue(of frame: Int32, _ place: Int, _ tier: Int) -> Int {
    let first = Int(replicas[place].firstQueue)
    return tiers[tier].discipline == .priority ? first + Int(frames[Int(frame)].priority) : first
  }

  @inline(__always)
  private mutating func dequeue(_ place: Int, _ tier: Int) -> Int32 {
    var queue = Int(replicas[place].firstQueue)
    while queues[queue].head < 0 { queue &+= 1 }
    let frame = queues[queue].head
    remove(frame, from: queue)
    replicas[place].waiting &-= 1
    return frame
  }

  @inline(__always)
  private mutating func remove(_ frame: Int32, from queue: Int) {
    let (ahead, behind) = (frames[Int(frame)].ahead, frames[Int(frame)].behind)
    if ahead >= 0 { frames[Int(ahead)].behind = behind } else { queues[queue].head = behind }
    if behind >= 0 { frames[Int(behind)].ahead = ahead } else { queues[queue].tail = ahead }
    frames[Int(frame)].ahead = Frame.none
    frames[Int(frame)].behind = Frame.none
  }

  /// Takes a cancelled frame out of its tier.
  mutating func withdraw(_ frame: Int32) {
    let place = Int(frames[Int(frame)].place)
    let phase = frames[Int(frame)].phase
    guard place >= 0, phase != .new else { return }
    let tier = Int(replicas[place].tier)
    touch(tier)
    if phase == .waiting {
      remove(frame, from: queue(of: frame, place, tier))
      replicas[place].waiting &-= 1
      replicas[place].inSystem &-= 1
      tiers[tier].inSystem &-= 1
    } else {
      if tiers[tier].discipline == .sharing, phase == .serving { unshare(frame, place) }
      vacate(frame, place, tier)
    }
  }

  mutating func list(_ frame: Int32, _ place: Int) {
    let head = replicas[place].serving
    frames[Int(frame)].behind = head
    frames[Int(frame)].ahead = Frame.none
    if head >= 0 { frames[Int(head)].ahead = frame }
    replicas[place].serving = frame
  }

  private mutating func unlist(_ frame: Int32, _ place: Int) {
    let (ahead, behind) = (frames[Int(frame)].ahead, frames[Int(frame)].behind)
    if ahead >= 0 {
      frames[Int(ahead)].behind = behind
    } else {
      replicas[place].serving = behind
    }
    if behind >= 0 { frames[Int(behind)].ahead = ahead }
  }

  /// Everything that a replica holds fails.
  mutating func flush(_ place: Int, _ tier: Int) {
    touch(tier)
    // Waiting ones first: otherwise they would get the places that become free.
    while replicas[place].waiting > 0 {
      let frame = dequeue(place, tier)
      replicas[place].inSystem &-= 1
      tiers[tier].inSystem &-= 1
      tiers[tier].counts.failed &+= 1
      finish(frame, .failed)
    }
    while replicas[place].serving >= 0 {
      let frame = replicas[place].serving
      abandon(below: frame, .kept)
      let isShared = tiers[tier].discipline == .sharing && frames[Int(frame)].phase == .serving
      if isShared { unshare(frame, place) }
      tiers[tier].counts.failed &+= 1
      leave(frame, .failed)
    }
  }
}

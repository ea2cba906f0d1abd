// Processor sharing: all requests of a replica are served at once, each at an equal share.
//
// Instead of the work that each request has left, one number grows for all: the work that a request
// has got that has been there since the beginning. A request leaves when that has grown by its own
// demand, so the order in which they leave never changes.
extension Engine {
  mutating func share(_ frame: Int32, _ place: Int) {
    let tier = Int(replicas[place].tier)
    progress(place)
    if replicas[place].busy < tiers[tier].servers {
      tiers[tier].busy &+= 1
      frames[Int(frame)].work += tiers[tier].setup
    }
    replicas[place].busy &+= 1
    tiers[tier].counts.begun &+= 1
    frames[Int(frame)].phase = .serving
    if tiers[tier].listsServing { list(frame, place) }
    shares[place].schedule(
      .served, at: replicas[place].work + frames[Int(frame)].work, frame,
      frames[Int(frame)].generation)
    expect(place)
  }

  /// A request of a replica may have got all its work.
  mutating func shared(_ place: Int, _ generation: UInt32) {
    guard replicas[place].generation == generation, let entry = shares[place].next() else {
      return
    }
    touch(Int(replicas[place].tier))
    progress(place)
    replicas[place].work = entry.time
    unshare(entry.target, place)
    served(entry.target)
  }

  /// Takes a request out of those that share. Its entry stays and is ignored if it is cancelled.
  mutating func unshare(_ frame: Int32, _ place: Int) {
    let tier = Int(replicas[place].tier)
    progress(place)
    replicas[place].busy &-= 1
    if replicas[place].busy < tiers[tier].servers { tiers[tier].busy &-= 1 }
    // Its entry is recognised as old: the frame goes on with another generation.
    frames[Int(frame)].generation &+= 1
    expect(place)
  }

  /// What each of them gets of a second.
  private func rate(_ place: Int) -> Double {
    let places = Double(tiers[Int(replicas[place].tier)].servers)
    return min(1, places / Double(replicas[place].busy)) / replicas[place].pace
  }

  func hasShares(_ tier: Int) -> Bool { tiers[tier].discipline == .sharing }

  /// Brings the work that each has got up to date.
  mutating func progress(_ place: Int) {
    if replicas[place].busy > 0 {
      replicas[place].work += (now - replicas[place].touched) * rate(place)
    }
    replicas[place].touched = now
  }

  /// Schedules the next departure, in place of the one that was.
  mutating func expect(_ place: Int) {
    replicas[place].generation &+= 1
    while let entry = shares[place].first() {
      guard frames[Int(entry.target)].generation == entry.generation else {
        _ = shares[place].next()
        continue
      }
      let left = max(0, entry.time - replicas[place].work)
      calendar.schedule(
        .shared, at: now + left / rate(place), Int32(truncatingIfNeeded: place),
        replicas[place].generation)
      return
    }
  }
}

/// A cache during a run: of each copy, every key there is, so that no look-up needs hashing.
struct CacheState {
  let keys: Int
  let slots: Int32
  let copies: Int
  let lifetime: Double
  let hit: Int32
  let isPerReplica: Bool
  let coalesces: Bool
  /// By copy, then by key.
  let entries: UnsafeMutablePointer<CacheEntry>
  let ends: UnsafeMutablePointer<CacheEnds>
  let emptied: [Double]
  var hits = 0
  var misses = 0
}

/// A key in a cache: its neighbours in the order of use.
struct CacheEntry {
  var older = Frame.none
  var newer = Frame.none
  /// The frame that fetches it, if there is one.
  var leader = Frame.none
  var isPresent = false
  var expires = 0.0
}

/// The ends of the order of use, and the number of keys.
struct CacheEnds {
  var oldest = Frame.none
  var newest = Frame.none
  var count: Int32 = 0
}

extension Engine {
  mutating func openCaches() {
    for cache in 0..<setup.caches.count {
      for time in setup.caches.base[cache].emptied {
        calendar.schedule(.emptied, at: time, Int32(cache), 0)
      }
    }
  }

  mutating func enterCache(_ frame: Int32, _ cache: Int) {
    let index = Int(frame)
    let key = Int(frames[index].key)
    if frames[index].isWrite {
      for copy in 0..<caches[cache].copies { forget(key, cache, copy) }
      frames[index].phase = .serving
      return start(steps[Int(nodes[Int(frames[index].node)].first)], under: frame)
    }
    let copy = caches[cache].isPerReplica ? replica(above: frame).map { replicas[$0].index } : 0
    frames[index].place = (copy ?? 0) % Int32(caches[cache].copies)
    frames[index].phase = .going
    let seconds = draws[Int(caches[cache].hit)].next(layers)
    if seconds > 0 { sleep(frame, seconds) } else { lookedUp(frame, cache) }
  }

  mutating func lookedUp(_ frame: Int32, _ cache: Int) {
    let index = Int(frame)
    let step = steps[Int(nodes[Int(frames[index].node)].first)]
    switch frames[index].phase {
    case .returning: return finish(frame, Ending(rawValue: UInt8(frames[index].count)) ?? .failed)
    case .calling: return start(step, under: frame)
    default: break
    }
    let (key, copy) = (Int(frames[index].key), Int(frames[index].place))
    let entry = caches[cache].entries + copy * caches[cache].keys + key
    if entry.pointee.isPresent, entry.pointee.expires > now {
      caches[cache].hits &+= 1
      if caches[cache].ends[copy].newest != Int32(key) {
        unlink(key, cache, copy)
        append(key, cache, copy)
      }
      return finish(frame, .success)
    }
    caches[cache].misses &+= 1
    let leader = entry.pointee.leader
    if caches[cache].coalesces, leader >= 0 {
      frames[index].phase = .waiting
      let behind = frames[Int(leader)].behind
      (frames[index].ahead, frames[index].behind) = (leader, behind)
      if behind >= 0 { frames[Int(behind)].ahead = frame }
      frames[Int(leader)].behind = frame
      return
    }
    if caches[cache].coalesces { entry.pointee.leader = frame }
    frames[index].phase = .calling
    start(step, under: frame)
  }

  mutating func resumeCache(_ frame: Int32, _ cache: Int, _ ending: Ending) {
    let index = Int(frame)
    guard frames[index].phase == .calling else { return finish(frame, ending) }
    let (key, copy) = (Int(frames[index].key), Int(frames[index].place))
    if ending == .success { insert(key, cache, copy) }
    let entry = caches[cache].entries + copy * caches[cache].keys + key
    if entry.pointee.leader == frame {
      entry.pointee.leader = Frame.none
      // By events, so that what one of them causes does not change the list meanwhile.
      var waiting = frames[index].behind
      while waiting >= 0 {
        let behind = frames[Int(waiting)].behind
        frames[Int(waiting)].phase = .returning
        frames[Int(waiting)].count = Int32(ending.rawValue)
        (frames[Int(waiting)].ahead, frames[Int(waiting)].behind) = (Frame.none, Frame.none)
        sleep(waiting, 0)
        waiting = behind
      }
    }
    finish(frame, ending)
  }

  /// A cancelled look-up leaves those that wait with it; the next of them fetches.
  mutating func withdrawFromCache(_ frame: Int32) {
    let index = Int(frame)
    let (ahead, behind) = (frames[index].ahead, frames[index].behind)
    if frames[index].phase == .waiting {
      frames[Int(ahead)].behind = behind
      if behind >= 0 { frames[Int(behind)].ahead = ahead }
    } else if frames[index].phase == .calling {
      let cache = Int(nodes[Int(frames[index].node)].object)
      let place = Int(frames[index].place) * caches[cache].keys + Int(frames[index].key)
      guard caches[cache].entries[place].leader == frame else { return }
      caches[cache].entries[place].leader = behind
      if behind >= 0 {
        frames[Int(behind)].ahead = Frame.none
        frames[Int(behind)].phase = .calling
        sleep(behind, 0)
      }
    }
  }

  /// A cache loses everything.
  mutating func empty(_ cache: Int) {
    for copy in 0..<caches[cache].copies {
      while caches[cache].ends[copy].oldest >= 0 {
        forget(Int(caches[cache].ends[copy].oldest), cache, copy)
      }
    }
  }

  private mutating func insert(_ key: Int, _ cache: Int, _ copy: Int) {
    let entry = caches[cache].entries + copy * caches[cache].keys + key
    if entry.pointee.isPresent {
      unlink(key, cache, copy)
    } else if caches[cache].ends[copy].count == caches[cache].slots {
      forget(Int(caches[cache].ends[copy].oldest), cache, copy)
    }
    if !entry.pointee.isPresent { caches[cache].ends[copy].count += 1 }
    entry.pointee.isPresent = true
    entry.pointee.expires = now + caches[cache].lifetime
    append(key, cache, copy)
  }

  private mutating func forget(_ key: Int, _ cache: Int, _ copy: Int) {
    let entry = caches[cache].entries + copy * caches[cache].keys + key
    guard entry.pointee.isPresent else { return }
    unlink(key, cache, copy)
    entry.pointee.isPresent = false
    caches[cache].ends[copy].count -= 1
  }

  private mutating func unlink(_ key: Int, _ cache: Int, _ copy: Int) {
    let entries = caches[cache].entries + copy * caches[cache].keys
    let (older, newer) = (entries[key].older, entries[key].newer)
    if older < 0 {
      caches[cache].ends[copy].oldest = newer
    } else {
      entries[Int(older)].newer = newer
    }
    if newer < 0 {
      caches[cache].ends[copy].newest = older
    } else {
      entries[Int(newer)].older = older
    }
  }

  private mutating func append(_ key: Int, _ cache: Int, _ copy: Int) {
    let entries = caches[cache].entries + copy * caches[cache].keys
    let newest = caches[cache].ends[copy].newest
    (entries[key].older, entries[key].newer) = (newest, Frame.none)
    if newest < 0 {
      caches[cache].ends[copy].oldest = Int32(key)
    } else {
      entries[Int(newest)].newer = Int32(key)
    }
    caches[cache].ends[copy].newest = Int32(key)
  }
}

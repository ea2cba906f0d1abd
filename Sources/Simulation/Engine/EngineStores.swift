import Statistics

/// A replicated store during a run: a version of each key at each replica.
struct StoreState {
  let kind: Store.Kind
  let replicas: Int
  let keys: Int
  /// The streams of W, A, R and S, one after the other, then one of choices, then those of failures.
  let draws: Int32
  let hasFailover: Bool
  /// By key, then by replica.
  let versions: UnsafeMutablePointer<Int32>
  /// By key: the last version given to a write, and the last one acknowledged.
  let issued: UnsafeMutablePointer<Int32>
  let committed: UnsafeMutablePointer<Int32>
  var primary = 0
  var isDown = false
  /// Messages of an earlier primary are not applied.
  var epoch = 0.0
  var counts = StoreCounts()
}

/// What is counted of a store, from the end of the warm-up on.
struct StoreCounts {
  var reads = 0
  var stale = 0
  var writes = 0
  var lost = 0
}

extension Engine {
  mutating func openStores() {
    for store in 0..<setup.stores.count where stores[store].hasFailover {
      calendar.schedule(
        .lost, at: draws[Int(stores[store].draws) + 5].next(layers), Int32(store), 0)
    }
  }

  /// A read or a write begins.
  mutating func enterStore(_ frame: Int32, _ store: Int) {
    let index = Int(frame)
    let node = nodes[Int(frames[index].node)]
    if node.needed > 0 { frames[index].isWrite = node.needed == 2 }
    switch (stores[store].kind, frames[index].isWrite) {
    case (.quorum(_, let writes), true):
      write(frame, store, Int32(writes), from: nil)
    case (.quorum(let reads, _), false):
      read(frame, store, Int32(reads), from: 0..<stores[store].replicas)
    case (.primary(let acknowledged, _), true):
      if stores[store].isDown { return finish(frame, .failed) }
      write(frame, store, Int32(acknowledged), from: stores[store].primary)
    case (.primary(_, let readsPrimary), false):
      if readsPrimary, stores[store].isDown { return finish(frame, .failed) }
      let choice = draws[Int(stores[store].draws) + 4].generator.index(
        below: stores[store].replicas)
      let place = readsPrimary ? stores[store].primary : choice
      read(frame, store, 1, from: place..<place + 1)
    }
  }

  /// - Parameter primary: the replica that has it at once, if there is one.
  private mutating func write(
    _ frame: Int32, _ store: Int, _ needed: Int32, from primary: Int?
  ) {
    let index = Int(frame)
    let key = Int(frames[index].key)
    stores[store].issued[key] += 1
    let version = stores[store].issued[key]
    frames[index].count = needed
    // In `behind`: the version that is written, or the newest one that was read.
    frames[index].behind = version
    for replica in 0..<stores[store].replicas where replica != primary {
      send(frame, store, to: replica, version, stream: 0)
    }
    if let primary {
      stores[store].versions[key * stores[store].replicas + primary] = version
      if needed == 0 { commit(frame, store) }
    }
  }

  private mutating func read(
    _ frame: Int32, _ store: Int, _ needed: Int32, from replicas: Range<Int>
  ) {
    let index = Int(frame)
    frames[index].count = needed
    frames[index].behind = 0
    // In `ahead`: what a fresh read would find.
    frames[index].ahead = stores[store].committed[Int(frames[index].key)]
    for replica in replicas { send(frame, store, to: replica, 0, stream: 2) }
  }

  /// A message is a frame below the read or write, which sleeps until it arrives.
  private mutating func send(
    _ frame: Int32, _ store: Int, to replica: Int, _ version: Int32, stream: Int
  ) {
    let message = allocate()
    let above = frames[Int(frame)]
    frames[Int(message)] = Frame(
      node: above.node, source: above.source, phase: .going, isWrite: above.isWrite,
      parent: frame, next: above.child, place: Int32(replica),
      generation: frames[Int(message)].generation, count: version, key: above.key, started: now,
      work: stores[store].epoch)
    if above.child >= 0 { frames[Int(above.child)].previous = message }
    frames[Int(frame)].child = message
    sleep(message, draws[Int(stores[store].draws) + stream].next(layers))
  }

  /// A message has arrived: at the replica, or back at the one that asked.
  mutating func deliver(_ message: Int32, _ store: Int) {
    let sent = frames[Int(message)]
    if sent.isWrite, sent.work != stores[store].epoch { return lose(message) }
    if sent.phase == .going {
      frames[Int(message)].phase = .returning
      let place = Int(sent.key) * stores[store].replicas + Int(sent.place)
      if !sent.isWrite {
        frames[Int(message)].count = stores[store].versions[place]
      } else {
        stores[store].versions[place] = max(stores[store].versions[place], sent.count)
      }
      let stream = Int(stores[store].draws) + (sent.isWrite ? 1 : 3)
      return sleep(message, draws[stream].next(layers))
    }
    let asking = sent.parent
    guard asking >= 0 else { return release(message) }
    unlink(message, from: asking)
    release(message)
    frames[Int(asking)].count -= 1
    if !sent.isWrite { frames[Int(asking)].behind = max(frames[Int(asking)].behind, sent.count) }
    guard frames[Int(asking)].count == 0 else { return }
    if sent.isWrite { commit(asking, store) } else { answer(asking, store) }
  }

  /// A write of a primary that has failed since is not applied, and nobody answers for it.
  private mutating func lose(_ message: Int32) {
    let asking = frames[Int(message)].parent
    if asking >= 0 {
      abandon(below: asking, .cancelled)
      finish(asking, .failed)
    } else {
      release(message)
    }
  }

  private mutating func commit(_ frame: Int32, _ store: Int) {
    let key = Int(frames[Int(frame)].key)
    stores[store].counts.writes += 1
    stores[store].committed[key] = max(
      stores[store].committed[key], frames[Int(frame)].behind)
    abandon(below: frame, .kept)
    finish(frame, .success)
  }

  private mutating func answer(_ frame: Int32, _ store: Int) {
    stores[store].counts.reads += 1
    if frames[Int(frame)].behind < frames[Int(frame)].ahead { stores[store].counts.stale += 1 }
    abandon(below: frame, .cancelled)
    finish(frame, .success)
  }

  /// The primary fails; what it has not sent yet, or is still on its way, is gone.
  mutating func losePrimary(_ store: Int) {
    stores[store].isDown = true
    stores[store].epoch += 1
    calendar.schedule(
      .promoted, at: now + draws[Int(stores[store].draws) + 6].next(layers), Int32(store), 0)
  }

  /// The replica with most of the writes becomes the primary. What it does not have is lost.
  mutating func promote(_ store: Int) {
    let state = stores[store]
    func written(_ replica: Int) -> Int {
      (0..<state.keys).reduce(0) { $0 + Int(state.versions[$1 * state.replicas + replica]) }
    }
    let others = (0..<state.replicas).filter { $0 != state.primary }
    guard let best = others.max(by: { written($0) < written($1) }) else { return }
    for key in 0..<state.keys {
      let version = state.versions[key * state.replicas + best]
      stores[store].counts.lost += max(0, Int(state.committed[key] - version))
      for replica in 0..<state.replicas { state.versions[key * state.replicas + replica] = version }
      (state.issued[key], state.committed[key]) = (version, version)
    }
    (stores[store].primary, stores[store].isDown) = (best, false)
    calendar.schedule(.lost, at: now + draws[Int(state.draws) + 5].next(layers), Int32(store), 0)
  }
}

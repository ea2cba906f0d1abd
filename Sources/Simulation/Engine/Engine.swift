import Statistics

/// One run of a system: its state, and the loop over its events.
///
/// A value that is changed in place, over buffers of plain structs: no references are counted, no
/// access is checked for exclusivity, and an event allocates nothing.
struct Engine: ~Copyable {
  let setup: Setup
  let ziggurat = Ziggurat()
  var calendar = Calendar()
  var now = 0.0
  /// A digest of all events.
  var trace: UInt64 = 0
  var events = 0
  /// A digest of what open sources have sent.
  var offered: UInt64 = 0
  /// Requests under way.
  var inFlight = 0
  /// Whether sources have stopped.
  var isClosing = false
  var isOver = false
  /// Requests that came earlier are not recorded.
  var measuredFrom = 0.0
  /// Of the series in seconds; 0 without.
  let interval: Double

  var frames: UnsafeMutablePointer<Frame>
  private var capacity = 1024
  private var used = 0
  /// The first frame of the list of free ones, by `next`.
  private var free = Frame.none

  // Owned by the setup.
  let nodes: UnsafeMutablePointer<Node>
  let steps: UnsafeMutablePointer<Int32>
  let draws: UnsafeMutablePointer<Draw>
  let layers: UnsafePointer<Layer>
  let tiers: UnsafeMutablePointer<TierState>
  let replicas: UnsafeMutablePointer<Replica>
  let queues: UnsafeMutablePointer<Queue>
  let sources: UnsafeMutablePointer<SourceState>
  let histograms: UnsafeMutablePointer<Histogram>
  let shares: UnsafeMutablePointer<Calendar>
  let caches: UnsafeMutablePointer<CacheState>
  let stores: UnsafeMutablePointer<StoreState>
  let breakers: UnsafeMutablePointer<BreakerState>
  let budgets: UnsafeMutablePointer<Double>

  init(_ setup: Setup) {
    self.setup = setup
    interval = setup.interval
    frames = .allocate(capacity: capacity)
    (nodes, steps, draws) = (setup.nodes.base, setup.steps.base, setup.draws.base)
    (tiers, replicas, queues) = (setup.tiers.base, setup.replicas.base, setup.queues.base)
    (sources, histograms) = (setup.sources.base, setup.histograms)
    (shares, caches, stores) = (setup.shares, setup.caches.base, setup.stores.base)
    (breakers, budgets) = (setup.breakers.base, setup.budgets.base)
    layers = UnsafePointer(ziggurat.layers)
  }

  deinit { frames.deallocate() }

  /// Runs until the end of the time, or until the last request has ended.
  mutating func run() {
    begin()
    while !isOver, let event = calendar.next() {
      now = event.time
      let mixed = event.time.bitPattern ^ UInt64(truncatingIfNeeded: event.target)
      trace = ((trace << 5 | trace >> 59) ^ mixed) &* 0x9E37_79B9_7F4A_7C15
      events &+= 1
      switch event.kind {
      case .arrival: arrive(Int(event.target))
      case .served:
        if frames[Int(event.target)].generation == event.generation { served(event.target) }
      case .wake:
        if frames[Int(event.target)].generation == event.generation { wake(event.target) }
      default: handleOther(event)
      }
    }
  }

  @inline(never)
  private mutating func handleOther(_ event: Event) {
    let target = Int(event.target)
    switch event.kind {
    case .shared: shared(target, event.generation)
    case .warm: forget()
    case .end: close()
    case .fail: fail(target)
    case .repair: recover(target)
    case .noticed: notice(target)
    case .scale: scale(target)
    case .booted: booted(target)
    case .outage: outage(target, event.generation)
    case .emptied: empty(target)
    case .lost: losePrimary(target)
    case .promoted: promote(target)
    case .arrival, .served, .wake: break
    }
  }

  private mutating func begin() {
    calendar.schedule(.end, at: setup.horizon, 0, 0)
    if setup.warmUp > 0 { calendar.schedule(.warm, at: setup.warmUp, 0, 0) }
    for tier in 0..<setup.tiers.count { open(tier) }
    for source in 0..<setup.sources.count { open(source: source) }
    openCaches()
    openStores()
    measuredFrom = setup.warmUp
  }

  /// At the end of the warm-up.
  private mutating func forget() {
    for tier in 0..<setup.tiers.count {
      touch(tier)
      setup.scalings[tier]?.busy -= tiers[tier].counts.busy
      tiers[tier].counts = TierCounts()
      tiers[tier].counts.mostPaid = tiers[tier].paid
    }
    for source in 0..<setup.sources.count {
      histograms[source].clear()
      sources[source].counts = SourceCounts()
    }
    for store in 0..<setup.stores.count { stores[store].counts = StoreCounts() }
    for cache in 0..<setup.caches.count { (caches[cache].hits, caches[cache].misses) = (0, 0) }
  }

  /// At the end of the time.
  private mutating func close() {
    for tier in 0..<setup.tiers.count { touch(tier) }
    setup.closing = (0..<setup.tiers.count).map { tiers[$0].counts }
    isClosing = true
    isOver = !setup.drains || inFlight == 0
  }
}

// Frames.
extension Engine {
  /// A frame of the pool, with nothing but its generation.
  @inline(__always)
  mutating func allocate() -> Int32 {
    let found = free
    if found >= 0 {
      free = frames[Int(found)].next
      return found
    }
    return extend()
  }

  @inline(never)
  private mutating func extend() -> Int32 {
    if used == capacity {
      let larger = UnsafeMutablePointer<Frame>.allocate(capacity: 2 * capacity)
      larger.moveInitialize(from: frames, count: used)
      frames.deallocate()
      frames = larger
      capacity *= 2
    }
    frames[used] = Frame()
    used += 1
    return Int32(truncatingIfNeeded: used &- 1)
  }

  /// Gives a frame back; its events are ignored from now on.
  @inline(__always)
  mutating func release(_ frame: Int32) {
    frames[Int(frame)].generation &+= 1
    frames[Int(frame)].next = free
    free = frame
  }

  /// Starts a step for a frame that waits for it.
  /// - Parameter place: the replica, where it has been chosen.
  @inline(__always)
  mutating func start(
    _ node: Int32, under parent: Int32, isRepeat: Bool = false, place: Int32 = Frame.none
  ) {
    let frame = allocate()
    let above = frames[Int(parent)]
    let generation = frames[Int(frame)].generation
    frames[Int(frame)] = Frame(
      node: UInt16(truncatingIfNeeded: node), source: above.source, priority: above.priority,
      isWrite: above.isWrite, isRepeat: above.isRepeat || isRepeat, parent: parent,
      next: above.child, place: place, generation: generation, key: above.key, started: now)
    if above.child >= 0 { frames[Int(above.child)].previous = frame }
    frames[Int(parent)].child = frame
    enter(frame)
  }

  /// Ends a frame and lets the one above it go on.
  @inline(__always)
  mutating func finish(_ frame: Int32, _ ending: Ending) {
    let parent = frames[Int(frame)].parent
    if parent == Frame.request {
      complete(frame, ending)
      release(frame)
    } else if parent >= 0 {
      unlink(frame, from: parent)
      release(frame)
      resume(parent, ending)
    } else {
      release(frame)
    }
  }

  @inline(__always)
  mutating func unlink(_ frame: Int32, from parent: Int32) {
    let (next, previous) = (frames[Int(frame)].next, frames[Int(frame)].previous)
    if next >= 0 { frames[Int(next)].previous = previous }
    if previous >= 0 {
      frames[Int(previous)].next = next
    } else {
      frames[Int(parent)].child = next
    }
  }

  /// Leaves what a frame waits for.
  mutating func abandon(below frame: Int32, _ leftovers: Leftovers) {
    while frames[Int(frame)].child >= 0 {
      let child = frames[Int(frame)].child
      unlink(child, from: frame)
      switch leftovers {
      case .kept: frames[Int(child)].parent = Frame.orphan
      case .cancelled: cancel(child)
      case .unqueued:
        if isQueued(child) { cancel(child) } else { frames[Int(child)].parent = Frame.orphan }
      }
    }
  }

  /// Whether nothing is being served for a frame.
  private func isQueued(_ frame: Int32) -> Bool {
    let state = frames[Int(frame)]
    if nodes[Int(state.node)].kind == .tier { return state.phase == .waiting }
    var child = state.child
    while child >= 0 {
      if !isQueued(child) { return false }
      child = frames[Int(child)].next
    }
    return true
  }

  /// Stops a frame and all below it. Nobody hears of it.
  mutating func cancel(_ frame: Int32) {
    let kind = nodes[Int(frames[Int(frame)].node)].kind
    // A write that has been sent can't be called back.
    abandon(below: frame, kind == .store && frames[Int(frame)].isWrite ? .kept : .cancelled)
    switch kind {
    case .tier: withdraw(frame)
    case .cache: withdrawFromCache(frame)
    case .breaker where frames[Int(frame)].phase == .going:
      breakers[Int(nodes[Int(frames[Int(frame)].node)].object)].isTrying = false
    default: break
    }
    release(frame)
  }
}

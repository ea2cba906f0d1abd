/// Something that will happen at a time.
struct Event {
  /// In seconds.
  var time: Double
  /// The number of the event in the order of scheduling, then its kind in the lowest byte. Of two
  /// events at the same time the one that was scheduled first comes first.
  var tag: UInt64
  /// A frame, a source or a replica, by kind.
  var target: Int32
  /// The frame's generation; an event of a frame that has ended since is ignored.
  var generation: UInt32

  enum Kind: UInt8 {
    case end, warm, arrival, served, shared, wake
    case fail, `repair`, noticed, scale, booted, outage, emptied, lost, promoted
  }

  @inline(__always)
  var kind: Kind { unsafeBitCast(UInt8(truncatingIfNeeded: tag), to: Kind.self) }

  @inline(__always)
  func isBefore(_ other: Event) -> Bool {
    time < other.time || (time == other.time && tag < other.tag)
  }
}

/// The events to come: a heap with four children a node over one buffer, which grows by doubling.
///
/// The root of the heap is taken lazily: most events schedule a next one, which then takes the root's
/// place, so that the heap is put in order once instead of twice.
struct Calendar: ~Copyable {
  private var events: UnsafeMutablePointer<Event>
  private var capacity: Int
  private var count = 0
  private var scheduled: UInt64 = 0
  /// Whether the root has been taken already.
  private var isRootTaken = false

  init(capacity: Int = 1024) {
    self.capacity = capacity
    events = .allocate(capacity: capacity)
  }

  deinit { events.deallocate() }

  /// Adds an event.
  @inline(__always)
  mutating func schedule(
    _ kind: Event.Kind, at time: Double, _ target: Int32, _ generation: UInt32
  ) {
    scheduled &+= 1
    add(
      Event(
        time: time, tag: scheduled << 8 | UInt64(kind.rawValue), target: target,
        generation: generation))
  }

  /// Adds a frame in the order of times; among equal ones in the order of addition.
  @inline(__always)
  private mutating func add(_ event: Event) {
    if isRootTaken {
      isRootTaken = false
      sink(event)
    } else {
      if count == capacity { grow() }
      rise(event, from: count)
      count &+= 1
    }
  }

  /// The earliest event, which is taken; nil if there is none.
  @inline(__always)
  mutating func next() -> Event? {
    settle()
    guard count > 0 else { return nil }
    isRootTaken = true
    return events[0]
  }

  /// The earliest event, which stays.
  @inline(__always)
  mutating func first() -> Event? {
    settle()
    return count > 0 ? events[0] : nil
  }

  /// Closes the gap that `next` has left.
  @inline(__always)
  private mutating func settle() {
    guard isRootTaken else { return }
    isRootTaken = false
    count &-= 1
    if count > 0 { sink(events[count]) }
  }

  @inline(__always)
  private mutating func rise(_ event: Event, from start: Int) {
    var place = start
    while place > 0 {
      let parent = (place &- 1) >> 2
      guard event.isBefore(events[parent]) else { break }
      events[place] = events[parent]
      place = parent
    }
    events[place] = event
  }

  /// Puts an event in the root's place, and lower where others are earlier.
  @inline(__always)
  private mutating func sink(_ event: Event) {
    var place = 0
    while true {
      let first = place << 2 &+ 1
      guard first < count else { break }
      var least = first
      let end = min(first &+ 4, count)
      var child = first &+ 1
      while child < end {
        if events[child].isBefore(events[least]) { least = child }
        child &+= 1
      }
      guard events[least].isBefore(event) else { break }
      events[place] = events[least]
      place = least
    }
    events[place] = event
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Event>.allocate(capacity: 2 * capacity)
    larger.moveInitialize(from: events, count: count)
    events.deallocate()
    events = larger
    capacity *= 2
  }
}

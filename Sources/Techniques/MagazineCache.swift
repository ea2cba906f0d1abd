import Synchronization

/// One thread's part of a `MagazinePool`. Its end sends home what it holds of other threads.
public struct MagazineCache<Element: ~Copyable>: ~Copyable, @unchecked Sendable {
  // SAFETY (@unchecked): it can't be copied and all its methods mutate it, so one thread at a time
  // uses it; what other threads write is the home's atomic inbox.

  @usableFromInline let pool: MagazinePool<Element>
  @usableFromInline let home: UnsafeMutablePointer<MagazineHome>
  @usableFromInline var free: UnsafeMutableRawPointer?
  @usableFromInline var fresh: UnsafeMutableRawPointer?
  @usableFromInline var end: UnsafeMutableRawPointer?
  @usableFromInline var away = Magazine()

  init(pool: MagazinePool<Element>, home: UnsafeMutablePointer<MagazineHome>) {
    self.pool = pool
    self.home = home
    // SAFETY: the pool gives a home to one cache at a time, under its lock.
    free = home.pointee.free
    fresh = home.pointee.fresh
    end = home.pointee.end
  }

  deinit {
    away.send()
    // SAFETY: as in `init`; the lock in `park` hands these on to the next cache.
    home.pointee.free = free
    home.pointee.fresh = fresh
    home.pointee.end = end
    pool.park(home)
  }

  /// Uninitialised memory for one element. Any cache of the same pool takes it back.
  ///
  /// - Complexity: O(1); takes a lock and asks the allocator when all of this cache's slots are
  ///   out and none has come home.
  @inlinable
  public mutating func take() -> UnsafeMutablePointer<Element> {
    let slot: UnsafeMutableRawPointer
    if let returned = free {
      SlotChecks.unpoison(returned, bytes: MagazinePool<Element>.layout.stride)
      // SAFETY: a slot in the list begins with the address of the next one, or zero.
      free = returned.load(as: UnsafeMutableRawPointer?.self)
      slot = returned
    } else {
      slot = refill()
    }
    #if DEBUG
      MagazineChecks.taken(slot, MagazinePool<Element>.layout)
    #endif
    // SAFETY: the layout fits an Element, and no one else has this slot.
    return slot.assumingMemoryBound(to: Element.self)
  }

  /// Takes back a slot of this or another cache of the pool. Its element must have been
  /// deinitialised.
  ///
  /// - Complexity: O(1); an atomic exchange for every 32 slots of another cache.
  @inlinable
  public mutating func giveBack(_ slot: UnsafeMutablePointer<Element>) {
    let raw = UnsafeMutableRawPointer(slot)
    let layout = MagazinePool<Element>.layout
    #if DEBUG
      pool.expectOwn(raw)
      MagazineChecks.returned(raw, layout)
    #endif
    // SAFETY: `addChunk` wrote the home's address there before any slot was handed out.
    let owner = layout.chunk(of: raw).load(as: UnsafeMutablePointer<MagazineHome>.self)
    if owner == home {
      // SAFETY: the caller gives up the slot, which has room for a pointer.
      raw.storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
      SlotChecks.poison(raw, bytes: layout.stride)
      free = raw
    } else {
      away.add(raw, of: owner, stride: layout.stride)
    }
  }

  /// Sends home now what this cache holds of other threads.
  public mutating func flush() {
    away.send()
    away = Magazine()
  }

  /// What has come home, else a slot never used, else one of a new chunk. Out of line, so that
  /// `take` stays a few instructions.
  @inlinable @inline(never)
  mutating func refill() -> UnsafeMutableRawPointer {
    let stride = MagazinePool<Element>.layout.stride
    if home.pointee.inbox.load(ordering: .relaxed) != nil,
      let first = home.pointee.inbox.exchange(nil, ordering: .acquiring)
    {
      SlotChecks.unpoison(first, bytes: stride)
      // SAFETY: the senders linked their slots before they released them to the inbox.
      free = first.load(as: UnsafeMutableRawPointer?.self)
      return first
    }
    if fresh == end {
      let chunk = pool.addChunk(home: home)
      let layout = MagazinePool<Element>.layout
      fresh = chunk + layout.firstSlot
      end = chunk + (layout.firstSlot + layout.slots * layout.stride)
    }
    // SAFETY: not nil: either both are set and differ, or both were set just now.
    let slot = fresh.unsafelyUnwrapped
    fresh = slot + stride
    SlotChecks.unpoison(slot, bytes: stride)
    return slot
  }
}

/// Slots of one other home, on their way there.
@usableFromInline
struct Magazine {
  @usableFromInline static let capacity = 32

  private var owner: UnsafeMutablePointer<MagazineHome>?
  private var first: UnsafeMutableRawPointer?
  private var last: UnsafeMutableRawPointer?
  private var count = 0
  private var stride = 0

  @usableFromInline init() {}

  @usableFromInline
  mutating func add(
    _ slot: UnsafeMutableRawPointer, of owner: UnsafeMutablePointer<MagazineHome>, stride: Int
  ) {
    if owner != self.owner || count == Self.capacity {
      send()
      self.owner = owner
      self.stride = stride
      first = nil
      last = slot
      count = 0
    }
    // SAFETY: the caller gave up the slot, which has room for a pointer.
    slot.storeBytes(of: first, as: UnsafeMutableRawPointer?.self)
    SlotChecks.poison(slot, bytes: stride)
    first = slot
    count += 1
  }

  /// Puts the list before what is in the owner's inbox. The magazine is not used after that.
  ///
  /// A push onto a list that is only ever taken whole has no ABA problem.
  func send() {
    guard let owner, let first, let last else { return }
    var top = owner.pointee.inbox.load(ordering: .relaxed)
    while true {
      SlotChecks.unpoison(last, bytes: stride)
      // SAFETY: the slots are this magazine's until the exchange succeeds.
      last.storeBytes(of: top, as: UnsafeMutableRawPointer?.self)
      SlotChecks.poison(last, bytes: stride)
      let (done, seen) = owner.pointee.inbox.weakCompareExchange(
        expected: top, desired: first, successOrdering: .releasing, failureOrdering: .relaxed)
      if done { return }
      top = seen
    }
  }
}

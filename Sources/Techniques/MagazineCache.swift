/// One thread's part of a `MagazinePool`. Its end hands on what it holds.
public struct MagazineCache<Element: ~Copyable>: ~Copyable, @unchecked Sendable {
  // SAFETY (@unchecked): it can't be copied and all its methods mutate it, so one thread at a time
  // uses it.

  @usableFromInline let pool: MagazinePool<Element>
  /// The one that is used, and one that is empty or full for its place.
  @usableFromInline var loaded: Magazine
  @usableFromInline var previous: Magazine

  init(pool: MagazinePool<Element>, loaded: Magazine, previous: Magazine) {
    self.pool = pool
    self.loaded = loaded
    self.previous = previous
  }

  deinit { pool.keep((loaded, previous)) }

  /// Uninitialised memory for one element. Any cache of the same pool takes it back.
  ///
  /// - Complexity: O(1); takes a lock where two magazines are empty, and asks the allocator when all
  ///   slots are out or with other threads.
  @inlinable
  public mutating func take() -> UnsafeMutablePointer<Element> {
    if loaded.count == 0 { reload() }
    loaded.count &-= 1
    let slot = loaded.slots[loaded.count]
    SlotChecks.unpoison(slot, bytes: MagazinePool<Element>.layout.stride)
    #if DEBUG
      MagazineChecks.taken(slot, MagazinePool<Element>.layout)
    #endif
    // SAFETY: the layout fits an Element, and no one else has this slot.
    return slot.assumingMemoryBound(to: Element.self)
  }

  /// Takes back a slot of this or another cache of the pool. Its element must have been
  /// deinitialised.
  ///
  /// - Complexity: O(1); takes a lock where two magazines are full.
  @inlinable
  public mutating func giveBack(_ slot: UnsafeMutablePointer<Element>) {
    let raw = UnsafeMutableRawPointer(slot)
    #if DEBUG
      pool.expectOwn(raw)
      MagazineChecks.returned(raw, MagazinePool<Element>.layout)
    #endif
    SlotChecks.poison(raw, bytes: MagazinePool<Element>.layout.stride)
    if loaded.count == Magazine.capacity { makeRoom() }
    loaded.slots[loaded.count] = raw
    loaded.count &+= 1
  }

  /// Hands on now what this cache holds.
  public mutating func flush() {
    loaded = pool.empty(for: loaded)
    previous = pool.empty(for: previous)
  }

  /// Out of line, so that `take` stays a few instructions.
  @inlinable @inline(never)
  mutating func reload() {
    if previous.count > 0 {
      swap(&loaded, &previous)
    } else {
      loaded = pool.stocked(for: loaded)
    }
  }

  /// Out of line, so that `giveBack` stays a few instructions.
  @inlinable @inline(never)
  mutating func makeRoom() {
    if previous.count > 0 { previous = pool.empty(for: previous) }
    swap(&loaded, &previous)
  }
}

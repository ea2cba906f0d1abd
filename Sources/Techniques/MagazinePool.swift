/// A pool of equal slots for many threads: each thread has a cache of its own, without locks, and
/// takes back any slot, whoever took it.
///
///     let pool = MagazinePool<Message>()
///     // on each thread:
///     var cache = pool.makeCache()
///     let message = cache.take()
///     …                                  // perhaps handed to another thread, whose cache
///     cache.giveBack(message)            // then takes it and hands it out again
///
/// A cache holds the addresses of free slots in two magazines, and passes a full one to the pool's
/// depot for an empty one, or an empty one for a full one. With two of them, a thread that takes and
/// returns in turn does not exchange one each time. A return does not touch the slot: a consumer
/// does not write what a producer's core has in its cache. So memory does not gather where consumers
/// are, and threads meet only in the depot, once for each magazine.
///
/// Builds for debugging trap where a slot is returned twice, where a pointer is returned that
/// this pool never handed out, and where the pool goes while slots are out; under
/// AddressSanitizer they poison the slots that are not out. Other builds check nothing.
///
/// Limits: a thread keeps up to two magazines of free slots, 512, until it calls `flush` or ends its
/// cache; memory goes back to the allocator with the pool, which lives as long as its last cache.
///
/// Source: Bonwick and Adams, *Magazines and Vmem*, USENIX 2001.
public final class MagazinePool<Element: ~Copyable>: Sendable {
  private let shared = Locked(MagazineDepot())

  /// An empty pool; it takes no memory before the first cache.
  public init() {}

  deinit {
    shared.withLock { depot in
      #if DEBUG
        for chunk in depot.chunks { MagazineChecks.expectNothingOut(chunk.pointer, Self.layout) }
      #endif
      depot.release(chunkBytes: Self.layout.chunkBytes)
    }
  }

  /// Bytes that the pool has from the allocator: slots, and magazines of all caches.
  public var reservedBytes: Int {
    shared.withLock { $0.chunks.count * Self.layout.chunkBytes + $0.magazines * Magazine.bytes }
  }

  /// A cache for one thread at a time. Each take and return stores in it: caches of several threads
  /// belong on lines of their own, as on the threads' stacks.
  public func makeCache() -> MagazineCache<Element> {
    let (loaded, previous) = shared.withLock { ($0.emptyMagazine(), $0.emptyMagazine()) }
    return MagazineCache(pool: self, loaded: loaded, previous: previous)
  }

  @inlinable
  static var layout: MagazineLayout {
    MagazineLayout(size: MemoryLayout<Element>.size, alignment: MemoryLayout<Element>.alignment)
  }

  /// Takes in a magazine, and gives one that is not empty.
  @usableFromInline
  func stocked(for empty: Magazine) -> Magazine {
    shared.withLock { $0.stocked(for: empty, layout: Self.layout) }
  }

  /// Takes in a magazine, and gives an empty one.
  @usableFromInline
  func empty(for magazine: Magazine) -> Magazine {
    shared.withLock { depot in
      depot.keep(magazine)
      return depot.emptyMagazine()
    }
  }

  /// Takes in the magazines of a cache that ends.
  func keep(_ magazines: (Magazine, Magazine)) {
    shared.withLock { depot in
      depot.keep(magazines.0)
      depot.keep(magazines.1)
    }
  }

  #if DEBUG
    @usableFromInline
    func expectOwn(_ slot: UnsafeMutableRawPointer) {
      let chunk = Address(pointer: Self.layout.chunk(of: slot))
      let isOwn = shared.withLock { $0.chunks.contains(chunk) }
      precondition(isOwn, "foreign return: \(slot) is not a slot of this pool")
    }
  #endif
}

/// Addresses of free slots, the one returned last at the end.
@usableFromInline
struct Magazine: @unchecked Sendable {
  // SAFETY (@unchecked): a magazine has one holder, and is passed on under the depot's lock.

  @inlinable static var capacity: Int { 256 }
  static var bytes: Int { capacity * MemoryLayout<UnsafeMutableRawPointer>.stride }

  @usableFromInline let slots: UnsafeMutablePointer<UnsafeMutableRawPointer>
  @usableFromInline var count = 0

  /// An empty one, on cache lines of its own.
  init() {
    slots = UnsafeMutableRawPointer.allocate(byteCount: Self.bytes, alignment: 128)
      .bindMemory(to: UnsafeMutableRawPointer.self, capacity: Self.capacity)
  }

  /// Moves as many slots as there is room for, those returned last.
  mutating func add(from other: inout Magazine) {
    let moved = min(Self.capacity - count, other.count)
    other.count -= moved
    (slots + count).update(from: other.slots + other.count, count: moved)
    count += moved
  }
}

/// The address of a chunk.
private struct Address: Hashable, @unchecked Sendable {
  // SAFETY (@unchecked): what is there is passed on under the depot's lock alone.
  let pointer: UnsafeMutableRawPointer
}

/// What all threads share, behind a lock that is taken for a magazine and a new cache only.
private struct MagazineDepot {
  private(set) var chunks: Set<Address> = []
  /// All that were ever made, wherever they are.
  private(set) var magazines = 0
  /// Of two neighbours one at least is full.
  private var stocked: [Magazine] = []
  private var empty: [Magazine] = []
  /// Slots never used, of the newest chunk.
  private var fresh: Range<UnsafeMutableRawPointer>?

  mutating func emptyMagazine() -> Magazine {
    if let last = empty.popLast() { return last }
    magazines += 1
    return Magazine()
  }

  /// What caches leave when they end is put together: else a slot might take a magazine of its own.
  mutating func keep(_ magazine: Magazine) {
    var magazine = magazine
    if magazine.count < Magazine.capacity, let last = stocked.indices.last {
      stocked[last].add(from: &magazine)
    }
    if magazine.count > 0 { stocked.append(magazine) } else { empty.append(magazine) }
  }

  /// A magazine that is not empty, for one that is.
  mutating func stocked(for empty: Magazine, layout: MagazineLayout) -> Magazine {
    guard let last = stocked.popLast() else { return fill(empty, layout: layout) }
    self.empty.append(empty)
    return last
  }

  /// The same magazine with slots never used, the first one at its end.
  private mutating func fill(_ magazine: Magazine, layout: MagazineLayout) -> Magazine {
    var unused = fresh.flatMap { $0.isEmpty ? nil : $0 } ?? addChunk(layout)
    var magazine = magazine
    magazine.count = min(
      Magazine.capacity, (unused.upperBound - unused.lowerBound) / layout.stride)
    for place in (0..<magazine.count).reversed() {
      magazine.slots[place] = unused.lowerBound
      // SAFETY: the range is a whole number of slots.
      unused = unused.lowerBound + layout.stride..<unused.upperBound
    }
    fresh = unused
    return magazine
  }

  private mutating func addChunk(_ layout: MagazineLayout) -> Range<UnsafeMutableRawPointer> {
    let chunk = UnsafeMutableRawPointer.allocate(
      byteCount: layout.chunkBytes, alignment: layout.chunkBytes)
    #if DEBUG
      MagazineChecks.prepare(chunk, layout)
    #endif
    SlotChecks.poison(chunk + layout.firstSlot, bytes: layout.chunkBytes - layout.firstSlot)
    chunks.insert(Address(pointer: chunk))
    let first = chunk + layout.firstSlot
    return first..<first + layout.slots * layout.stride
  }

  mutating func release(chunkBytes: Int) {
    for chunk in chunks {
      SlotChecks.unpoison(chunk.pointer, bytes: chunkBytes)
      chunk.pointer.deallocate()
    }
    for magazine in stocked + empty { magazine.slots.deallocate() }
    (chunks, stocked, empty) = ([], [], [])
  }
}

/// Where things are in a chunk: in builds for debugging a byte a slot for whether it is out, and the
/// slots.
@usableFromInline
struct MagazineLayout {
  @usableFromInline let stride: Int
  /// A power of two, and the chunk's alignment, so that the checks find a slot's chunk.
  @usableFromInline let chunkBytes: Int
  @usableFromInline let firstSlot: Int
  @usableFromInline let slots: Int

  @inlinable
  init(size: Int, alignment: Int) {
    let alignment = max(alignment, MemoryLayout<Int>.alignment)
    stride = (max(size, 1) + alignment - 1) & ~(alignment - 1)
    var bytes = 64 << 10
    while bytes < 16 * stride { bytes *= 2 }
    chunkBytes = bytes
    #if DEBUG
      let header = bytes / stride
    #else
      let header = 0
    #endif
    firstSlot = (header + max(alignment, 64) - 1) & ~(max(alignment, 64) - 1)
    slots = (bytes - firstSlot) / stride
  }
}

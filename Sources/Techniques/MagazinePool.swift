import Synchronization

/// A pool of equal slots for many threads: each thread has a cache of its own, without locks, and
/// a slot that another thread returns comes home to the cache that handed it out.
///
///     let pool = MagazinePool<Message>()
///     // on each thread:
///     var cache = pool.makeCache()
///     let message = cache.take()
///     …                                  // perhaps handed to another thread, whose cache
///     cache.giveBack(message)            // then takes it: the message goes home by itself
///
/// A slot's chunk names its home. A return at home links the slot into a list that only this
/// thread uses. A return elsewhere collects slots of one home in a magazine, and a full magazine
/// goes home with one atomic exchange; home empties its inbox with one atomic exchange when its
/// own list is empty. So memory does not gather where consumers are, and no cache line is shared
/// by threads that work on their own slots.
///
/// Builds for debugging trap where a slot is returned twice, where a pointer is returned that
/// this pool never handed out, and where the pool goes while slots are out; under
/// AddressSanitizer they poison the slots that are not out. Other builds check nothing.
///
/// Limits: a thread that only returns keeps up to a magazine of slots until it calls `flush` or
/// ends its cache; an idle thread's free slots serve that thread alone, until its cache ends and
/// the next `makeCache` takes them over; memory goes back to the allocator with the pool, which
/// lives as long as its last cache.
///
/// Sources: Bonwick and Adams, *Magazines and Vmem*, USENIX 2001 (magazines); Leijen, Zorn and de
/// Moura, *Mimalloc: Free List Sharding in Action*, 2019 (the list of returns from elsewhere).
public final class MagazinePool<Element: ~Copyable>: Sendable {
  private let shared = Locked(MagazineDepot())

  /// An empty pool; it takes no memory before the first slot.
  public init() {}

  deinit {
    shared.withLock { depot in
      #if DEBUG
        for chunk in depot.chunks { MagazineChecks.expectNothingOut(chunk.pointer, Self.layout) }
      #endif
      depot.release(chunkBytes: Self.layout.chunkBytes)
    }
  }

  /// Bytes of all chunks, of all caches together.
  public var reservedBytes: Int { shared.withLock { $0.chunks.count * Self.layout.chunkBytes } }

  /// A cache for one thread at a time; that of a thread which has ended its own, if there is one.
  public func makeCache() -> MagazineCache<Element> {
    let home = shared.withLock { $0.parked.popLast() ?? $0.addHome() }
    return MagazineCache(
      pool: self, home: home.pointer.assumingMemoryBound(to: MagazineHome.self))
  }

  @inlinable
  static var layout: MagazineLayout {
    MagazineLayout(size: MemoryLayout<Element>.size, alignment: MemoryLayout<Element>.alignment)
  }

  @usableFromInline
  func addChunk(home: UnsafeMutablePointer<MagazineHome>) -> UnsafeMutableRawPointer {
    let layout = Self.layout
    let chunk = UnsafeMutableRawPointer.allocate(
      byteCount: layout.chunkBytes, alignment: layout.chunkBytes)
    chunk.storeBytes(of: home, as: UnsafeMutablePointer<MagazineHome>.self)
    #if DEBUG
      MagazineChecks.prepare(chunk, layout)
    #endif
    SlotChecks.poison(chunk + layout.firstSlot, bytes: layout.chunkBytes - layout.firstSlot)
    let address = Address(pointer: chunk)
    shared.withLock { _ = $0.chunks.insert(address) }
    return chunk
  }

  func park(_ home: UnsafeMutablePointer<MagazineHome>) {
    let address = Address(pointer: UnsafeMutableRawPointer(home))
    shared.withLock { $0.parked.append(address) }
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

/// An address that threads may hand each other: what is there is used as the depot says.
private struct Address: Hashable, @unchecked Sendable {
  // SAFETY (@unchecked): chunks and homes are passed on under the depot's lock alone.
  let pointer: UnsafeMutableRawPointer
}

/// What all threads share, behind a lock that is taken for a new chunk and a new cache only.
private struct MagazineDepot {
  var chunks: Set<Address> = []
  var homes: [Address] = []
  /// Homes whose cache has ended.
  var parked: [Address] = []

  mutating func addHome() -> Address {
    let lines = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
    let home = lines.bindMemory(to: MagazineHome.self, capacity: 1)
    home.initialize(to: MagazineHome())
    homes.append(Address(pointer: lines))
    return Address(pointer: lines)
  }

  mutating func release(chunkBytes: Int) {
    for chunk in chunks {
      SlotChecks.unpoison(chunk.pointer, bytes: chunkBytes)
      chunk.pointer.deallocate()
    }
    for home in homes {
      home.pointer.assumingMemoryBound(to: MagazineHome.self).deinitialize(count: 1)
      home.pointer.deallocate()
    }
    chunks = []
    homes = []
  }
}

/// Where slots come home to. On cache lines of its own: other threads write its inbox.
@usableFromInline
struct MagazineHome: ~Copyable {
  /// Slots that other threads returned, linked through their first word.
  @usableFromInline let inbox = Atomic<UnsafeMutableRawPointer?>(nil)
  /// The list and the unused range of a cache that has ended, for the next one.
  var free: UnsafeMutableRawPointer? = nil
  var fresh: UnsafeMutableRawPointer? = nil
  var end: UnsafeMutableRawPointer? = nil

  init() {}
}

/// Where things are in a chunk: the home's address, in builds for debugging a byte a slot for
/// whether it is out, and the slots.
@usableFromInline
struct MagazineLayout {
  @usableFromInline let stride: Int
  /// A power of two, and the chunk's alignment, so that a slot's address gives its chunk.
  @usableFromInline let chunkBytes: Int
  @usableFromInline let firstSlot: Int
  @usableFromInline let slots: Int

  @inlinable
  init(size: Int, alignment: Int) {
    let alignment = max(alignment, MemoryLayout<Int>.alignment)
    stride = (max(size, MemoryLayout<Int>.size) + alignment - 1) & ~(alignment - 1)
    var bytes = 64 << 10
    while bytes < 16 * stride { bytes *= 2 }
    chunkBytes = bytes
    #if DEBUG
      let header = 128 + bytes / stride
    #else
      // Cache lines of its own: every return reads the header, the slots beside it are written.
      let header = 128
    #endif
    firstSlot = (header + max(alignment, 64) - 1) & ~(max(alignment, 64) - 1)
    slots = (bytes - firstSlot) / stride
  }

  @inlinable
  func chunk(of slot: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    let address = UInt(bitPattern: slot) & ~(UInt(bitPattern: chunkBytes) &- 1)
    // SAFETY: a slot never lies in the first chunk of the address space.
    return UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
  }
}

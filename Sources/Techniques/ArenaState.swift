/// Where the arena stands: the rest of the newest chunk, and the chunks.
@usableFromInline
struct ArenaState {
  @usableFromInline var position: UInt = 0
  @usableFromInline var end: UInt = 0
  private var chunks: [UnsafeMutableRawBufferPointer] = []
  private var nextBytes: Int
  private(set) var reservedBytes = 0

  /// Every chunk begins on a cache line.
  private static let chunkAlignment = 64

  init(nextBytes: Int) { self.nextBytes = nextBytes }

  /// - Parameter bytes: at least one.
  @inlinable @inline(__always)
  mutating func take(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
    let mask = UInt(bitPattern: alignment) &- 1
    var start = (position &+ mask) & ~mask
    // `position` stays at or below `end`, so what is left is never negative but by alignment.
    if start > end || end &- start < UInt(bitPattern: bytes) {
      start = grow(bytes: bytes, alignment: alignment)
    }
    position = start &+ UInt(bitPattern: bytes)
    // SAFETY: not zero: without a chunk nothing is left, and `grow` was called.
    let pointer = UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    SlotChecks.unpoison(pointer, bytes: bytes)
    return pointer
  }

  /// Adds a chunk and gives its first address with this alignment.
  @usableFromInline @inline(never)
  mutating func grow(bytes: Int, alignment: Int) -> UInt {
    while nextBytes < bytes { nextBytes *= 2 }
    let alignment = max(alignment, Self.chunkAlignment)
    let chunk = UnsafeMutableRawBufferPointer.allocate(
      byteCount: nextBytes, alignment: alignment)
    chunks.append(chunk)
    reservedBytes += nextBytes
    nextBytes *= 2
    return enter(chunk)
  }

  @discardableResult
  private mutating func enter(_ chunk: UnsafeMutableRawBufferPointer) -> UInt {
    SlotChecks.poison(chunk.baseAddress!, bytes: chunk.count)
    position = UInt(bitPattern: chunk.baseAddress!)
    end = position &+ UInt(chunk.count)
    return position
  }

  /// One chunk is the steady state; several become the promise of one with their size.
  @usableFromInline
  mutating func reset() {
    if chunks.count == 1 { enter(chunks[0]) }
    if chunks.count > 1 {
      nextBytes = reservedBytes
      releaseAll()
    }
  }

  @usableFromInline
  mutating func releaseAll() {
    for chunk in chunks {
      SlotChecks.unpoison(chunk.baseAddress!, bytes: chunk.count)
      chunk.deallocate()
    }
    chunks.removeAll(keepingCapacity: true)
    reservedBytes = 0
    position = 0
    end = 0
  }
}

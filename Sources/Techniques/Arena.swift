/// Memory that is handed out by moving a pointer and given back all at once.
///
///     var arena = Arena()
///     for request in requests {
///       do {
///         let header = arena.make(Header(request))       // ArenaBox<Header>
///         let scratch = arena.span(repeating: 0, count: 256)  // MutableSpan<Int>
///         …
///       }
///       arena.reset()
///     }
///
/// What comes out of an arena borrows it: the compiler refuses a `reset`, a move or an end of the
/// arena while a box or a span of it is alive, and refuses to let one leave the arena's scope.
/// So a use after reset is not a bug to be found but a program that does not build.
///
/// One thing passes unseen in Swift 6.3: a variable that is assigned a box of an arena whose scope
/// is narrower than its own.
///
/// Under AddressSanitizer, builds for debugging poison all bytes that are not handed out, which
/// finds what the compiler doesn't: a pointer from `allocate` that is used after `reset`.
///
/// Limits: one thread at a time; nothing is reused before `reset`; boxes can't be members of what
/// lives in the arena (`allocate` serves linked structures); memory goes back to the allocator
/// with the arena, not before.
///
/// The borrowing needs the compiler's feature `Lifetimes`, on in this module alone; users need no
/// flag. Source of the technique: Hanson, *Fast Allocation and Deallocation of Memory Based on
/// Object Lifetimes*, Software: Practice and Experience 20(1), 1990.
public struct Arena: ~Copyable {
  /// Behind a pointer, so that handing out memory borrows the arena and does not mutate it.
  @usableFromInline let state: UnsafeMutablePointer<ArenaState>

  /// An empty arena; it takes no memory before the first request.
  ///
  /// - Parameter firstChunk: bytes of the first chunk; each further one is twice as large.
  public init(firstChunk: Int = 4096) {
    precondition(firstChunk > 0, "a chunk holds at least one byte, not \(firstChunk)")
    state = .allocate(capacity: 1)
    state.initialize(to: ArenaState(nextBytes: firstChunk))
  }

  deinit {
    state.pointee.releaseAll()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Bytes that the arena has from the allocator.
  public var reservedBytes: Int { state.pointee.reservedBytes }

  /// Moves a value into the arena. It is deinitialised with its box, its memory lasts to `reset`.
  ///
  /// - Complexity: O(1); asks the allocator when the chunk is full.
  @inlinable
  @_lifetime(borrow self)
  public func make<Element: ~Copyable>(_ value: consuming Element) -> ArenaBox<Element> {
    let memory = allocate(Element.self)
    memory.initialize(to: value)
    return ArenaBox(memory, in: self)
  }

  /// `count` elements of a plain type, side by side.
  @inlinable
  @_lifetime(borrow self)
  public func span<Element: BitwiseCopyable>(
    repeating value: Element, count: Int
  ) -> MutableSpan<Element> {
    let memory = allocate(Element.self, count: count)
    memory.initialize(repeating: value, count: count)
    // SAFETY: initialised above, and the arena keeps it until `reset`, which this borrow forbids.
    let span = unsafe MutableSpan(_unsafeStart: memory, count: count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Uninitialised memory, for structures whose parts point at each other. Not guarded by the
  /// compiler: it must not be used after `reset`, and nothing deinitialises what is put there.
  @inlinable @inline(__always)
  public func allocate<Element: ~Copyable>(
    _: Element.Type, count: Int = 1
  ) -> UnsafeMutablePointer<Element> {
    precondition(count >= 0, "an arena hands out no \(count) elements")
    let bytes = max(1, MemoryLayout<Element>.stride * count)
    let start = state.pointee.take(bytes: bytes, alignment: MemoryLayout<Element>.alignment)
    // SAFETY: aligned for Element, of its size, and handed out once until `reset`.
    return start.assumingMemoryBound(to: Element.self)
  }

  /// Takes back all memory at once and keeps it for the next round: as one chunk of the size that
  /// this round needed, so that a steady load asks the allocator no more.
  ///
  /// - Complexity: O(1) in the number of elements, linear in the number of chunks.
  @inlinable
  public mutating func reset() { state.pointee.reset() }
}

/// A value that lives in an arena: owned by this box alone, and gone with it.
public struct ArenaBox<Element: ~Copyable>: ~Copyable, ~Escapable {
  @usableFromInline let memory: UnsafeMutablePointer<Element>

  @inlinable
  @_lifetime(borrow arena)
  init(_ memory: UnsafeMutablePointer<Element>, in arena: borrowing Arena) {
    self.memory = memory
  }

  @inlinable
  deinit { memory.deinitialize(count: 1) }

  /// The value in place.
  @inlinable
  public var value: Element {
    // SAFETY: initialised by `make`, alive as long as the box.
    _read { yield memory.pointee }
    nonmutating _modify { yield &memory.pointee }
  }
}

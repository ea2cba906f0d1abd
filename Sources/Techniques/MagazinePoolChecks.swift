import Synchronization

#if DEBUG
  /// Whether a slot is out, as a byte a slot in its chunk's header; atomic, since a slot may be
  /// returned twice by two threads at once.
  @usableFromInline
  enum MagazineChecks {
    static func prepare(_ chunk: UnsafeMutableRawPointer, _ layout: MagazineLayout) {
      let states = states(of: chunk, layout)
      for index in 0..<layout.slots { (states + index).initialize(to: Atomic(0)) }
    }

    @usableFromInline
    static func taken(_ slot: UnsafeMutableRawPointer, _ layout: MagazineLayout) {
      let before = state(of: slot, layout).pointee.exchange(1, ordering: .relaxed)
      precondition(before == 0, "the pool hands out \(slot), which is already out")
    }

    @usableFromInline
    static func returned(_ slot: UnsafeMutableRawPointer, _ layout: MagazineLayout) {
      let before = state(of: slot, layout).pointee.exchange(0, ordering: .relaxed)
      precondition(before == 1, "double return: \(slot) is not out")
    }

    static func expectNothingOut(_ chunk: UnsafeMutableRawPointer, _ layout: MagazineLayout) {
      let states = states(of: chunk, layout)
      for index in 0..<layout.slots {
        let state = states[index].load(ordering: .relaxed)
        precondition(state == 0, "the pool goes while some of its slots are out")
      }
    }

    private static func state(
      of slot: UnsafeMutableRawPointer, _ layout: MagazineLayout
    ) -> UnsafeMutablePointer<Atomic<UInt8>> {
      let chunk = layout.chunk(of: slot)
      let offset = slot - chunk - layout.firstSlot
      precondition(
        offset >= 0 && offset % layout.stride == 0 && offset / layout.stride < layout.slots,
        "foreign return: \(slot) lies inside a slot of this pool")
      return states(of: chunk, layout) + offset / layout.stride
    }

    private static func states(
      of chunk: UnsafeMutableRawPointer, _ layout: MagazineLayout
    ) -> UnsafeMutablePointer<Atomic<UInt8>> {
      // SAFETY: the header has a byte for each slot, initialised by `prepare` before any slot is
      // handed out.
      chunk.assumingMemoryBound(to: Atomic<UInt8>.self)
    }
  }

  extension MagazineLayout {
    func chunk(of slot: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
      let address = UInt(bitPattern: slot) & ~(UInt(bitPattern: chunkBytes) &- 1)
      // SAFETY: a slot never lies in the first chunk of the address space.
      return UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }
  }
#endif

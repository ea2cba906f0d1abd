import CPerflab

/// What the pools check in builds for debugging; in others these calls compile to nothing.
@usableFromInline
enum SlotChecks {
  @inlinable @inline(__always)
  static func poison(_ start: UnsafeMutableRawPointer, bytes: Int) {
    #if DEBUG
      perflab_poison(start, bytes)
    #endif
  }

  @inlinable @inline(__always)
  static func unpoison(_ start: UnsafeMutableRawPointer, bytes: Int) {
    #if DEBUG
      perflab_unpoison(start, bytes)
    #endif
  }
}

#if DEBUG
  /// Which slots are out: one bit a slot, kept apart from the slots.
  @usableFromInline
  struct SlotLedger {
    private struct Chunk {
      let start: UInt
      let bytes: UInt
      let stride: UInt
      var out: [Bool]
    }

    private var chunks: [Chunk] = []
    private var outCount = 0

    @usableFromInline init() {}

    @usableFromInline
    mutating func add(_ start: UnsafeMutableRawPointer, bytes: Int, stride: Int) {
      let out = [Bool](repeating: false, count: bytes / stride)
      chunks.append(
        Chunk(
          start: UInt(bitPattern: start), bytes: UInt(bytes), stride: UInt(stride), out: out))
    }

    @usableFromInline
    mutating func taken(_ slot: UnsafeMutableRawPointer) {
      let (chunk, index) = place(of: slot)
      precondition(!chunks[chunk].out[index], "the pool hands out \(slot), which is already out")
      chunks[chunk].out[index] = true
      outCount += 1
    }

    @usableFromInline
    mutating func returned(_ slot: UnsafeMutableRawPointer) {
      let (chunk, index) = place(of: slot)
      precondition(chunks[chunk].out[index], "double return: \(slot) is not out")
      chunks[chunk].out[index] = false
      outCount -= 1
    }

    func expectNothingOut() {
      precondition(outCount == 0, "the pool goes while \(outCount) of its slots are out")
    }

    private func place(of slot: UnsafeMutableRawPointer) -> (chunk: Int, index: Int) {
      let address = UInt(bitPattern: slot)
      for (number, chunk) in chunks.enumerated()
      where address >= chunk.start && address - chunk.start < chunk.bytes {
        let offset = address - chunk.start
        precondition(
          offset % chunk.stride == 0, "foreign return: \(slot) lies inside a slot of this pool")
        return (number, Int(offset / chunk.stride))
      }
      preconditionFailure("foreign return: \(slot) is not a slot of this pool")
    }
  }
#endif

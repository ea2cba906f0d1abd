import Statistics
import Techniques
import Testing

@Suite struct ByteMasksTests {
  @Test func aMaskHasOneBitForEachEqualByte() {
    var bytes = [UInt8](repeating: 7, count: 64)
    for place in [0, 1, 31, 32, 62, 63] { bytes[place] = 9 }
    let mask = bytes.withUnsafeBufferPointer { ByteMasks.equal($0.baseAddress!, to: 9) }
    let expected: UInt64 = 0xc000_0001_8000_0003
    #expect(mask == expected)
  }

  @Test(arguments: [0, 1, 0b1000_0100, 1 << 63, UInt64.max, 0x0123_4567_89ab_cdef])
  func prefixParityCountsBitsUpToEachPlace(_ bits: UInt64) {
    let expected = (0..<64).reduce(UInt64(0)) { parity, place in
      let below = bits & (UInt64.max >> UInt64(63 - place))
      return parity | UInt64(below.nonzeroBitCount & 1) << UInt64(place)
    }
    #expect(ByteMasks.prefixParity(bits) == expected)
  }

  @Test(arguments: [0, 1, 5, 63, 64, 65, 127, 255, 256, 257, 320, 1_000, 4_099])
  func countingAndFindingAgreeWithTheLibrary(_ length: Int) {
    var random = SeededGenerator(seed: UInt64(length))
    let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    for wanted in UInt8.min...UInt8.max {
      bytes.withUnsafeBufferPointer { buffer in
        #expect(ByteMasks.count(wanted, in: buffer) == bytes.count { $0 == wanted })
        #expect(ByteMasks.firstIndex(of: wanted, in: buffer) == bytes.firstIndex(of: wanted))
      }
    }
  }

  /// Lengths with and without steps of 256 bytes, from every kind of place in a cache line. The
  /// bytes around them are the wanted one.
  @Test(arguments: [0, 1, 3, 63, 64, 65, 100, 300, 319, 320, 321, 383, 384, 600, 900])
  func theFirstOfTwoBytesIsFoundAtEveryPlace(_ length: Int) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: length + 128, alignment: 64)
      .bindMemory(to: UInt8.self)
    defer { room.deallocate() }
    for offset in [0, 1, 17, 32, 63] {
      room.initialize(repeating: 1)
      let bytes = UnsafeMutableBufferPointer(rebasing: room[offset..<offset + length])
      bytes.update(repeating: 0)
      #expect(ByteMasks.firstIndex(of: 1, in: UnsafeBufferPointer(bytes)) == nil)
      if let last = bytes.indices.last { bytes[last] = 1 }
      for place in bytes.indices {
        bytes[place] = 1
        #expect(ByteMasks.firstIndex(of: 1, in: UnsafeBufferPointer(bytes)) == place)
        if place < length - 1 { bytes[place] = 0 }
      }
    }
  }

  @Test func thePaddingOfTheLastBlockIsNotCounted() {
    let bytes = [UInt8](repeating: 0, count: 70)
    #expect(bytes.withUnsafeBufferPointer { ByteMasks.count(0, in: $0) } == 70)
  }
}

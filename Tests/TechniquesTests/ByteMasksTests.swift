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

  @Test func aByteIsFoundAtEveryPlace() {
    for length in [3, 64, 100, 300, 600] {
      for place in 0..<length {
        var bytes = [UInt8](repeating: 0, count: length)
        bytes[place] = 1
        let found = bytes.withUnsafeBufferPointer { ByteMasks.firstIndex(of: 1, in: $0) }
        #expect(found == place)
      }
    }
  }

  @Test func thePaddingOfTheLastBlockIsNotCounted() {
    let bytes = [UInt8](repeating: 0, count: 70)
    #expect(bytes.withUnsafeBufferPointer { ByteMasks.count(0, in: $0) } == 70)
  }
}

import Testing

@testable import Techniques

@Suite struct CacheLinesTests {
  @Test(arguments: [0, 64, 192, 64 * 1_021])
  func bothCopiesGiveTheSourceAndNoByteMore(byteCount: Int) {
    let source = UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount + 64, alignment: 64)
    let target = UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount + 64, alignment: 64)
    defer {
      source.deallocate()
      target.deallocate()
    }
    for index in source.indices { source[index] = UInt8(truncatingIfNeeded: index &* 7 &+ 1) }
    for copy in [CacheLines.copyPastCaches, CacheLines.copyThroughCaches] {
      for index in target.indices { target[index] = 0 }
      copy(
        UnsafeRawBufferPointer(rebasing: source[..<byteCount]),
        UnsafeMutableRawBufferPointer(rebasing: target[..<byteCount]))
      #expect(target[..<byteCount].elementsEqual(source[..<byteCount]))
      #expect(target[byteCount...].allSatisfy { $0 == 0 })
    }
  }

  @Test func prefetchOfNowhereIsHarmless() {
    CacheLines.prefetch(UnsafeRawPointer(bitPattern: 8)!)
  }
}

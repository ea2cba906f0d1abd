import Synchronization
import Techniques
import Testing

struct PaddedAtomicTests {
  @Test func neighboursAreTwoLinesApart() {
    #expect(MemoryLayout<PaddedAtomic<Int>>.stride == 128)
    #expect(MemoryLayout<PaddedAtomic<UInt8>>.stride == 128)
  }

  @Test func theValueCounts() {
    let counter = PaddedAtomic<Int>(41)
    counter.value.add(1, ordering: .relaxed)
    #expect(counter.value.load(ordering: .relaxed) == 42)
  }
}

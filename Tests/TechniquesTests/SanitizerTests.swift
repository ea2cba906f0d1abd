#if DEBUG
  import Glibc
  import Testing

  @testable import Techniques

  /// Whether this process was built with AddressSanitizer.
  private let hasAddressSanitizer = dlsym(nil, "__asan_init") != nil

  @Suite(.enabled(if: hasAddressSanitizer)) struct SanitizerTests {
    @Test func aUseOfAReturnedSlotIsReported() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var pool = SlotPool<Record>()
        let slot = pool.take()
        pool.giveBack(slot)
        slot.pointee.payload.3 = 1
      }
      #expect(said("use-after-poison", by: end))
    }

    @Test func aUseOfASlotReturnedElsewhereIsReported() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        let pool = MagazinePool<Record>()
        var cache = pool.makeCache()
        var other = pool.makeCache()
        let slot = cache.take()
        other.giveBack(slot)
        slot.pointee.payload.3 = 1
      }
      #expect(said("use-after-poison", by: end))
    }

    @Test func aUseAfterResetIsReported() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var arena = Arena()
        let memory = arena.allocate(Record.self)
        arena.reset()
        memory.pointee.key = 1
      }
      #expect(said("use-after-poison", by: end))
    }
  }
#endif

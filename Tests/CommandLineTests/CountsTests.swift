import Foundation
import Testing

/// Counting says in one line what it lacks, and a file that it cannot read costs no page.
@Suite struct CountsTests {
  @Test func anUnknownIdGetsTheNearestNames() throws {
    let outcome = try Perflab.run(["counts", "memory/cache-level"])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("did you mean memory/cache-levels"))
  }

  @Test func anUnknownPointIsAnsweredWithThePoints() throws {
    let outcome = try Perflab.run(["counts", "memory/cache-levels", "--at", "3 KiB"])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("no point '3 KiB'; it has 16 KiB"))
    #expect(outcome.err.filter { $0 == "\n" }.count == 1)
  }

  @Test func aDebugBuildRefusesToCount() throws {
    let outcome = try Perflab.run(["counts", "memory/cache-levels"])
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("debug build"))
  }

  @Test func anOrderThatIsNoneEndsTheProcessWithAWord() throws {
    let outcome = try Perflab.run(["kernel-calls", "{}"])
    #expect(outcome.code == 1)
    #expect(!outcome.err.isEmpty)
  }
}

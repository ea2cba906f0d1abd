import Testing

@testable import NumbersBenchmarks

@Suite struct TranslationTests {
  @Test func theReachIsTheLastSizeBeforeHalfOfAWalk() {
    var extra = [Double](repeating: 1, count: Translation.pages.count)
    for index in 9..<extra.count { extra[index] = 30 }
    #expect(Translation.reach(extra) == Translation.pages[8])
  }

  @Test func withoutARiseThereIsNoReach() {
    #expect(Translation.reach([Double](repeating: 0, count: Translation.pages.count)) == nil)
  }

  @Test func theExtraCostIsSpreadLessPacked() {
    #expect(Translation.extra([5, 2, 9, 3]) == [3, 6])
  }

  @Test(arguments: [2, 3, 100, 1000])
  func aChainVisitsEveryLineOnce(lines: Int) throws {
    let chain = try Chain(lines: lines, pages: .base, seed: 7)
    let start = chain.cursor
    var line = start
    var seen: Set<UnsafeRawPointer> = []
    repeat {
      seen.insert(line)
      line = line.load(as: UnsafeRawPointer.self)
    } while line != start && seen.count <= lines
    #expect(seen.count == lines)
  }

  @Test func differentSeedsGiveDifferentChains() throws {
    func distances(_ seed: UInt64) throws -> [Int] {
      let chain = try Chain(lines: 64, pages: .base, seed: seed)
      var line = chain.cursor
      return (0..<64).map { _ in
        let next = line.load(as: UnsafeRawPointer.self)
        defer { line = next }
        return next - line
      }
    }
    #expect(try distances(1) != distances(2))
  }
}

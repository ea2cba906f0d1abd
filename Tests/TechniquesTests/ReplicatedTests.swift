import Statistics
import Techniques
import Testing

@Suite struct ReplicatedTests {
  /// Merging in any order and repeatedly gives the same, for three copies that were changed at
  /// random and had exchanged some changes before.
  private func converges<Value: Replicated>(
    _ empty: Value, _ change: (inout Value, _ node: Int, inout SeededGenerator) -> Void
  ) {
    for seed: UInt64 in 1...200 {
      var random = SeededGenerator(seed: seed)
      var copies = [empty, empty, empty]
      for _ in 0..<30 {
        let node = Int.random(in: 0..<3, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
          let other = Int.random(in: 0..<3, using: &random)
          copies[node] = copies[node].merged(with: copies[other])
        } else {
          change(&copies[node], node, &random)
        }
      }
      let (a, b, c) = (copies[0], copies[1], copies[2])
      #expect(a.merged(with: b) == b.merged(with: a))
      #expect(a.merged(with: b).merged(with: c) == a.merged(with: b.merged(with: c)))
      #expect(a.merged(with: a) == a)
      #expect(a.merged(with: b).merged(with: b) == a.merged(with: b))
    }
  }

  @Test func setsConverge() {
    converges(ReplicatedSet<Int>()) { set, node, random in
      let element = Int.random(in: 0..<6, using: &random)
      if Bool.random(using: &random) { set.insert(element, at: node) } else { set.remove(element) }
    }
  }

  @Test func countersConverge() {
    converges(ReplicatedCounter()) { counter, node, random in
      counter.add(Int.random(in: -5...5, using: &random), at: node)
    }
  }

  @Test func lastWritersConverge() {
    converges(LastWriterWins(0, at: 0, node: 0)) { value, node, random in
      let time = Double.random(in: 0..<9, using: &random)
      value.set(Int.random(in: 0..<9, using: &random), at: time, node: node)
    }
  }

  @Test func anAdditionWinsOverAConcurrentRemovalAlone() {
    var here = ReplicatedSet<String>()
    here.insert("a", at: 1)
    var there = here
    here.remove("a")
    // Not concurrent: the removal has seen the only addition.
    #expect(here.merged(with: there).elements == [])
    there.insert("a", at: 2)
    #expect(here.merged(with: there).elements == ["a"])
    // Merged, the removal stays in force for the first addition.
    let both = here.merged(with: there)
    var again = both
    again.remove("a")
    #expect(again.merged(with: there).elements == [])
  }

  @Test func countersCountEachChangeOnce() {
    var (here, there) = (ReplicatedCounter(), ReplicatedCounter())
    here.add(5, at: 1)
    there = there.merged(with: here)
    there.add(-2, at: 2)
    here.add(1, at: 1)
    #expect(here.merged(with: there).value == 4 && there.merged(with: here).value == 4)
  }

  @Test func versionVectorsKnowWhatIsConcurrent() {
    var here = VersionVector()
    let first = here.advance(at: 1)
    var there = here
    #expect(here.relation(to: there) == .equal && there.contains(first))
    _ = there.advance(at: 2)
    #expect(here.relation(to: there) == .before && there.relation(to: here) == .after)
    _ = here.advance(at: 1)
    #expect(here.relation(to: there) == .concurrent)
    #expect(here.merged(with: there).relation(to: here) == .after)
  }
}

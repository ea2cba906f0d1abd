import Rendering
import Results
import Testing

@Suite struct AtlasTests {
  static let catalog = [
    (id: "memory/aos-to-soa", title: "Structs | arrays", slot: "performance/memory/layout"),
    (id: "memory/new", title: "New", slot: "performance/memory/layout"),
    (id: "own/thing", title: "Thing", slot: "own/ideas/mine"),
  ]
  let atlas = Atlas(catalog: Self.catalog, results: Fixtures.results())

  @Test("Slots without an experiment are open")
  func open() {
    let group = atlas.groups.first { $0.id == "performance/memory/layout" }
    #expect(group?.slots == 4)
    #expect(group?.open == 2)
    #expect(atlas.groups.first { $0.id == "scale/1m/caching" }?.open == 5)
  }

  @Test("What was run links to its page, the rest does not")
  func links() {
    let page = atlas.markdown
    #expect(page.contains("- [Structs \\| arrays](memory/aos-to-soa.md): faster 11.8"))
    #expect(page.contains("  - New: not run yet\n"))
    #expect(page.contains("  - 2 open\n"))
    #expect(page.contains("| **all** | **2 of 280** |"))
  }

  @Test("The tree names every group once, and slots that the curriculum does not know")
  func tree() {
    let text = Atlas(catalog: Self.catalog, results: nil).text
    #expect(text.hasPrefix("all: 2 of 280 slots\n"))
    #expect(text.contains("\nperformance/memory: 2 of 20\n"))
    #expect(text.contains("\n    memory/new         not run yet\n"))
    #expect(text.contains("\nown/ideas: 0 of 0\n  mine: 0 of 0\n    own/thing  not run yet\n"))
  }

  @Test("More experiments than slots fill a group, and no more")
  func overfull() {
    let many = (0..<9).map { (id: "a/\($0)", title: "A", slot: "scale/10k/connections") }
    let group = Atlas(catalog: many, results: nil).groups.first {
      $0.id == "scale/10k/connections"
    }
    #expect(group?.filled == 3)
    #expect(group?.entries.count == 9)
  }

  @Test("The curriculum has 280 slots, in groups with names of their own")
  func curriculum() {
    let groups = Curriculum.groups
    #expect(Set(groups.map(\.id)).count == groups.count)
    let parts = ["performance": 80, "scale": 80, "cost": 60, "migration": 60]
    for (part, slots) in parts {
      #expect(groups.filter { $0.part == part }.reduce(0) { $0 + $1.slots } == slots)
    }
  }
}

import Rendering
import Results
import Testing

@Suite struct AtlasTests {
  static let catalog: [(id: String, title: String, slot: String, evidence: Evidence)] = [
    ("memory/aos-to-soa", "Structs | arrays", "performance/memory/layout", .measured),
    ("memory/new", "New", "performance/memory/layout", .simulated),
    ("own/thing", "Thing", "own/ideas/mine", .computed),
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
    #expect(page.contains("- [Structs \\| arrays](memory/aos-to-soa.md): faster 5.42"))
    #expect(page.contains(" at 4 MiB; 1.01× – 12× over the sweep\n"))
    #expect(page.contains("  - New: not run yet\n"))
    #expect(page.contains("  - 2 open\n"))
    #expect(page.contains("| **all** | **2 of 280**: 1 measured, 1 simulated |"))
  }

  @Test("The tree names every group once, and slots that the curriculum does not know")
  func tree() {
    let text = Atlas(catalog: Self.catalog, results: nil).text
    #expect(text.hasPrefix("all: 2 of 280 slots: 1 measured, 1 simulated\n"))
    #expect(text.contains("\nperformance/memory: 2 of 20\n"))
    #expect(text.contains("\n    memory/new         not run yet\n"))
    #expect(text.contains("\nown/ideas: 0 of 0\n  mine: 0 of 0\n    own/thing  not run yet\n"))
  }

  @Test("More experiments than slots fill a group, and no more")
  func overfull() {
    let many = (0..<9).map {
      (id: "a/\($0)", title: "A", slot: "scale/10k/connections", evidence: Evidence.computed)
    }
    let atlas = Atlas(catalog: many, results: nil)
    let group = atlas.groups.first { $0.id == "scale/10k/connections" }
    #expect(atlas.text.hasPrefix("all: 3 of 280 slots: 3 computed\n"))
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

  @Test("Each category has the groups of the curriculum, by name and number of slots")
  func groups() {
    let expected: [String: [String: Int]] = [
      "performance/cpu": [
        "detection": 5, "algorithmic": 5, "parallelization": 5, "hardware": 5,
      ],
      "performance/memory": ["detection": 8, "layout": 4, "management": 4, "pools": 4],
      "performance/network": ["analysis": 8, "protocol": 4, "connections": 4, "balancing": 4],
      "performance/storage": ["analysis": 8, "indexes": 4, "queries": 4, "engines": 4],
      "scale/10k": [
        "monolith": 5, "connections": 3, "single-point-of-failure": 4, "degradation": 4,
        "architecture": 4,
      ],
      "scale/100k": ["read-write": 5, "microservices": 5, "geography": 5, "consistency": 5],
      "scale/1m": ["multi-region": 5, "caching": 5, "events": 5, "observability": 5],
      "scale/100m": ["cdn": 5, "sharding": 5, "chaos": 5, "cost": 5],
      "cost/compute": [
        "right-sizing": 3, "purchasing": 3, "serverless": 3, "scaling": 3, "prediction": 3,
      ],
      "cost/storage": [
        "tiers": 3, "lifecycle": 3, "compression": 3, "read-replicas": 3, "queries": 3,
      ],
      "cost/network": [
        "cdn": 3, "multi-region": 3, "gateway": 3, "compression": 3, "caching": 3,
      ],
      "cost/operations": [
        "automation": 3, "monitoring": 3, "incidents": 3, "licences": 3, "compliance": 3,
      ],
      "migration/services": [
        "boundaries": 3, "dependencies": 3, "debt": 3, "readiness": 3, "impact": 3,
      ],
      "migration/database": [
        "data-model": 3, "consistency": 3, "queries": 3, "polyglot": 3, "synchronisation": 3,
      ],
      "migration/cloud": [
        "assessment": 3, "execution": 3, "optimisation": 3, "containers": 3, "serverless": 3,
      ],
      "migration/performance": [
        "legacy": 3, "stack": 3, "validation": 3, "blue-green": 3, "canary": 3,
      ],
    ]
    var found: [String: [String: Int]] = [:]
    for group in Curriculum.groups {
      let name = group.id.split(separator: "/").last.map(String.init) ?? ""
      found[group.category, default: [:]][name] = group.slots
    }
    #expect(found == expected)
  }
}

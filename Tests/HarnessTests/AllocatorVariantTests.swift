import Testing

@testable import Harness

@Suite("Variants under each allocator")
struct AllocatorVariantTests {
  @Test("the system's comes first, the others are peers with a process of their own")
  func othersArePeers() {
    let variants = Variant.underEachAllocator(
      "malloc", variables: ["OPTION": "1"], shows: ["kernel"], prepare: { $0.value }, run: { $0 })
    #expect(variants.map(\.name) == ["malloc"] + Preloaded.allCases.map(\.name))
    #expect(variants.map(\.isReference) == [false] + Preloaded.allCases.map { _ in true })
    #expect(variants[0].environment == VariantEnvironment() && variants[0].needs.isEmpty)
    for variant in variants.dropFirst() {
      #expect(variant.yardstick == .peer)
      #expect(variant.environment.preload?.provides == "malloc")
      #expect(variant.environment.variables == ["OPTION": "1"])
      #expect(!variant.needs.isEmpty && variant.shows == ["kernel"])
    }
  }

  @Test("they may be candidates, under other names")
  func othersAreCandidates() {
    let variants = Variant.underEachAllocator(
      "mixed", othersArePeers: false, otherName: { "mixed by \($0.name)" }, shows: [],
      prepare: { $0.value }, run: { $0 })
    #expect(variants.map(\.isReference).allSatisfy { !$0 })
    #expect(variants[1].name == "mixed by jemalloc")
  }

  @Test("none of something leaves no trace in a model")
  func noneOfSomething() {
    let time = Time.input("a", 3, source: "assumption")
    #expect(Model(time + 0 * time) == Model(time))
  }
}

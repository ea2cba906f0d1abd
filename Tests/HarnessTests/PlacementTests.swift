import Platform
import Testing

@testable import Harness

struct PlacementTests {
  @Test func aPairOfSiblingsAndAPairOfCoresBeginWithTheMeasuringProcessor() throws {
    let topology = try Topology(synthetic: "core:2 pu:2")
    let pairs = Placement.pairs(among: [2, 0, 1, 3], in: topology)
    #expect(pairs == Placement.Pairs(siblings: [2, 3], cores: [2, 0]))
  }

  @Test func thereIsNoPairOfSiblingsWithoutSMT() throws {
    let topology = try Topology(synthetic: "core:4 pu:1")
    #expect(Placement.pairs(among: [0, 1, 2, 3], in: topology) == nil)
  }

  @Test func aSiblingThatMayNotBeUsedMakesNoPair() throws {
    let topology = try Topology(synthetic: "core:2 pu:2")
    #expect(Placement.pairs(among: [0, 2, 3], in: topology) == nil)
  }

  @Test func theOtherCoreIsOfTheSamePackage() throws {
    let topology = try Topology(synthetic: "package:2 core:2 pu:2")
    let pairs = Placement.pairs(among: [0, 4, 1, 2], in: topology)
    #expect(pairs == Placement.Pairs(siblings: [0, 1], cores: [0, 2]))
  }

  @Test func whereEachPackageHasOneCoreTheOtherCoreIsInAnotherPackage() throws {
    let topology = try Topology(synthetic: "package:2 core:1 pu:2")
    let pairs = Placement.pairs(among: [2, 1, 3, 0], in: topology)
    #expect(pairs == Placement.Pairs(siblings: [2, 3], cores: [2, 1]))
  }

  @Test func nodesGiveTheirAllowedProcessorsByTurnsAndTheMeasuringOneLeads() throws {
    let topology = try Topology(synthetic: "package:2 [numa] core:2 pu:1")
    #expect(Placement.spreadOverNodes([1, 3, 0, 2], in: topology) == [1, 3, 0, 2])
    #expect(Placement.spreadOverNodes([2, 3], in: topology) == [2, 3])
    #expect(Placement.spreadOverNodes([2, 3, 1, 0], in: topology) == [2, 1, 3, 0])
    #expect(Placement.spreadOverNodes([3, 2, 0], in: topology) == [3, 0, 2])
  }

  @Test func aThreadIsBackWhereItWasAfterwards() throws {
    let before = try Affinity.allowed()
    let during = try Placement.allowing([before[0]]) { try Affinity.allowed() }
    #expect(during == [before[0]])
    #expect(try Affinity.allowed() == before)
  }

  @Test func aPageHasANodeOnceItIsWrittenTo() throws {
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 4_096)
    defer { page.deallocate() }
    page[0] = 1
    #expect(try Placement.nodes(of: page).count == 1)
  }
}

import Testing

@testable import Platform

@Suite struct PinPlanTests {
  private func plan(_ topology: Topology, allowed: [Int]? = nil, requested: [Int]? = nil) throws
    -> PinPlan
  {
    try PinPlan(topology: topology, allowed: allowed ?? topology.cpus, requested: requested)
  }

  @Test func onAServerTeamsFillCoresThenTheOtherPackageThenSiblings() throws {
    let plan = try plan(Topology(synthetic: "pack:2 core:8 pu:2"))
    #expect(plan.measuring == 2)
    // Package 0 without the first core, the first core by its sibling, package 1, then siblings.
    #expect(plan.team.prefix(8) == [2, 4, 6, 8, 10, 12, 14, 1])
    #expect(plan.team[8..<16] == [16, 18, 20, 22, 24, 26, 28, 30])
    #expect(plan.team[16..<24] == [3, 5, 7, 9, 11, 13, 15, 0])
    #expect(plan.team.sorted() == Array(0..<32))
    #expect(plan.orchestrator == [30, 31])
    #expect(plan.sharing == .nothing)
  }

  @Test func theSameLastCacheComesFirst() throws {
    let plan = try plan(Topology(synthetic: "pack:1 l3:2(size=1048576) core:2 pu:1"))
    #expect(plan.team == [1, 0, 2, 3])
  }

  @Test func twoCoresGiveOneToTheOrchestrator() throws {
    let plan = try plan(Topology(synthetic: "core:2 pu:1"))
    #expect(plan.team == [1, 0])
    #expect(plan.orchestrator == [0])
    #expect(plan.sharing == .nothing)
  }

  @Test func oneCoreIsShared() throws {
    let single = try plan(Topology(synthetic: "core:1 pu:1"))
    #expect(single == (try plan(Topology(synthetic: "core:1 pu:1"), requested: [0])))
    #expect(single.team == [0])
    #expect(single.orchestrator == [0])
    #expect(single.sharing == .processor)

    let siblings = try plan(Topology(synthetic: "core:1 pu:2"))
    #expect(siblings.team == [1, 0])
    #expect(siblings.orchestrator == [0])
    #expect(siblings.sharing == .core)
  }

  @Test func aHybridMeasuresOnItsFastCores() throws {
    let intel = try plan(Hybrid.intel.topology())
    // Cores {0,1} {2,3} are fast, 4 and 5 are not.
    #expect(intel.team == [2, 1, 4, 5, 3, 0])
    #expect(intel.orchestrator == [5])

    let arm = try plan(Hybrid.arm.topology())
    // Cores 0 and 1 are slow, 2 and 3 are fast.
    #expect(arm.team == [2, 3, 1, 0])
    #expect(arm.orchestrator == [0])
  }

  @Test func aCpusetOfOneProcessorIsKept() throws {
    let plan = try plan(Topology(synthetic: "pack:2 core:8 pu:2"), allowed: [9])
    #expect(plan.team == [9])
    #expect(plan.orchestrator == [9])
    #expect(plan.sharing == .processor)
  }

  @Test func theMachinesFirstProcessorIsAvoidedAndNotTheCpusetsFirst() throws {
    let plan = try plan(Topology(synthetic: "core:8 pu:1"), allowed: [4, 5])
    #expect(plan.team == [4, 5])
    #expect(plan.orchestrator == [5])
  }

  @Test func aRequestIsTakenInItsOrder() throws {
    let topology = try Topology(synthetic: "core:4 pu:2")
    let first = try plan(topology, requested: [0])
    #expect(first.measuring == 0)
    #expect(first.team == [0])
    #expect(first.orchestrator == [2, 3, 4, 5, 6, 7])

    let pair = try plan(topology, requested: [6, 1])
    #expect(pair.team == [6, 1])
    #expect(pair.orchestrator == [2, 3, 4, 5])

    // No core is left free: a sibling of another member's is better than of the measuring one's.
    let spread = try plan(topology, requested: [0, 2, 4, 6])
    #expect(spread.orchestrator == [3, 5, 7])
    #expect(spread.sharing == .nothing)
  }

  @Test func impossibleRequestsAreRefused() throws {
    let topology = try Topology(synthetic: "core:4 pu:1")
    #expect(throws: PinPlanError.absent(cpu: 4, existing: [0, 1, 2, 3])) {
      try plan(topology, requested: [1, 4])
    }
    #expect(throws: PinPlanError.absent(cpu: -1, existing: [0, 1, 2, 3])) {
      try plan(topology, requested: [-1])
    }
    #expect(throws: PinPlanError.notAllowed(cpu: 3, allowed: [0, 1])) {
      try plan(topology, allowed: [0, 1], requested: [3])
    }
    #expect(throws: PinPlanError.repeated(cpu: 1)) { try plan(topology, requested: [1, 2, 1]) }
    #expect(throws: PinPlanError.noneRequested) { try plan(topology, requested: []) }
    #expect(throws: PinPlanError.noneAllowed) { try plan(topology, allowed: []) }
    #expect(throws: PinPlanError.noneAllowed) { try plan(topology, allowed: [9]) }
  }

  @Test func refusalsNameTheProcessorAndTheChoice() {
    #expect(
      PinPlanError.notAllowed(cpu: 3, allowed: [0, 1]).description
        == "processor 3 is not allowed by this process's cpuset or affinity; allowed are 0-1")
    #expect(
      PinPlanError.absent(cpu: 9, existing: [0, 1, 3]).description
        == "processor 9 does not exist; this machine has 0-1,3")
  }

  @Test(arguments: ["pack:2 core:8 pu:2", "pack:4 l3:2(size=1048576) core:3 pu:2", "pu:7"])
  func everyProcessorIsInTheTeamOnceAndTheMeasuringOneIsFree(_ description: String) throws {
    let topology = try Topology(synthetic: description)
    let plan = try plan(topology)
    #expect(plan.team.sorted() == topology.cpus)
    #expect(plan.team[0] == plan.measuring)
    #expect(!plan.orchestrator.contains(plan.measuring))
    let firstThreads = plan.team.prefix(topology.cores.count)
    #expect(Set(firstThreads.map { topology.core(of: $0)?.id }).count == topology.cores.count)
  }
}

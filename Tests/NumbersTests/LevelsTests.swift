import Results
import Testing

@testable import NumbersBenchmarks

@Suite struct LevelsTests {
  /// A guest is told of a last level that it shares with others.
  @Test(arguments: [
    ("KVM", 2, 260, 64, 256), ("KVM", 16, 260, 260, 512), ("KVM", 2, 32, 32, 128),
    (nil, 2, 260, 260, 512), (nil, 64, 32, 32, 128),
  ])
  func aGuestMeasuresItsPartOfALargeLastLevel(
    hypervisor: String?, threads: Int, stated: Int, l3: Int, memory: Int
  ) {
    let levels = Levels(
      Machine(
        name: "test", processor: "", architecture: "x86_64", cores: threads, threads: threads,
        packages: 1, numaNodes: 1, memoryBytes: 16 << 30,
        caches: [.init(level: 3, bytes: stated << 20, lineBytes: 64, sharedBy: threads)],
        kernel: "", system: "", hypervisor: hypervisor))
    #expect(levels.l3 == l3 << 20)
    #expect(levels.workingSet(.memory) == memory << 20)
  }

  @Test func withoutCachesTheMostCommonSizesAreAssumed() {
    let levels = Levels(
      Machine(
        name: "test", processor: "", architecture: "arm64", cores: 1, threads: 1, packages: 1,
        numaNodes: 1, memoryBytes: 1 << 30, caches: [], kernel: "", system: "", hypervisor: "KVM"))
    #expect(levels.l1 == 32 << 10 && levels.l2 == 1 << 20 && levels.l3 == 32 << 20)
  }
}

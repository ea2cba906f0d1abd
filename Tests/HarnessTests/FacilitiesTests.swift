import Harness
import Testing

struct FacilitiesTests {
  @Test func aReasonThatSeveralVariantsShareIsGivenOnce() {
    let library = Requirement.library("libabsent.so", package: "libabsent")
    #expect(
      twoCores.unmet([library, .cores(4), library]) == [
        "needs libabsent.so, which is not installed (package libabsent)",
        "needs 4 cores; only 2 allowed",
      ])
  }

  @Test func aNetworkOfItsOwnIsRefusedWithTheKernelsReason() {
    var machine = twoCores
    #expect(machine.unmet(.ownNetwork)?.hasPrefix("needs network namespaces: ") == true)
    machine.networkRefusal = { nil }
    #expect(machine.unmet(.ownNetwork) == nil)
  }

  @Test func aProgramIsNamedWithItsPackage() {
    var machine = twoCores
    let needed = Requirement.program("haproxy", package: "haproxy")
    #expect(machine.unmet(needed) == "needs haproxy, which is not installed (package haproxy)")
    machine.program = { "/usr/sbin/\($0)" }
    #expect(machine.unmet(needed) == nil)
  }
}

import Testing

@testable import Platform

@Suite struct HostTests {
  @Test func aPlantedMachineIsDescribed() throws {
    let tree = try FakeTree([
      "proc/cpuinfo": """
      processor\t: 0
      model name\t: Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz
      flags\t\t: fpu sse4_2 avx avx2 fma avx512f hypervisor

      processor\t: 1
      model name\t: something else
      """,
      "proc/meminfo": "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    400 kB\n",
      "etc/os-release": "ID=x\nPRETTY_NAME=\"Planted Linux 1\"\n",
      "sys/class/dmi/id/sys_vendor": "Amazon EC2\n",
      "sys/class/dmi/id/product_name": "m6i.large\n",
    ])
    let host = Host.current(root: tree.root + "/")
    #expect(host.processor == "Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz")
    #expect(host.features == ["sse4_2", "avx", "avx2", "fma", "avx512f"])
    #expect(host.memoryBytes == 1_024_000)
    #expect(MemoryInfo.read(root: tree.root)?.available == 409_600)
    #expect(host.system == "Planted Linux 1")
    #expect(host.hypervisor == "KVM (Amazon)")
  }

  @Test(arguments: [
    ("AMD EPYC", "AMD EPYC (family 26, model 2)", "amd-epyc-family-26-model-2-2-cores"),
    ("AMD EPYC 9R14", "AMD EPYC 9R14", "amd-epyc-9r14-2-cores"),
  ])
  func aNameThatSeveralGenerationsShareGetsTheMakersNumbers(
    name: String, processor: String, folder: String
  ) throws {
    let tree = try FakeTree([
      "proc/cpuinfo": "processor: 0\ncpu family: 26\nmodel: 2\nmodel name: \(name)\n"
    ])
    let host = Host.current(root: tree.root)
    #expect(host.processor == processor)
    #expect(Host.machineName(processor: host.processor, cores: 2) == folder)
  }

  @Test func bareMetalHasNoHypervisorWhoeverOwnsIt() throws {
    let tree = try FakeTree([
      "proc/cpuinfo": "processor: 0\nmodel name: X\nflags: fpu avx2\n",
      "sys/class/dmi/id/sys_vendor": "Amazon EC2\n",
      "sys/class/dmi/id/product_name": "m6i.metal\n",
    ])
    #expect(Host.current(root: tree.root).hypervisor == nil)
  }

  @Test func aGuestOfNobodyKnownIsStillAGuest() throws {
    let tree = try FakeTree(["proc/cpuinfo": "processor: 0\nflags: fpu hypervisor\n"])
    #expect(Host.current(root: tree.root).hypervisor == "unknown")
  }

  @Test func anArmMachineIsNamedByItsParts() throws {
    let tree = try FakeTree([
      "proc/cpuinfo": """
      processor\t: 0
      Features\t: fp asimd sve
      CPU implementer\t: 0x41
      CPU part\t: 0xd40
      """,
      "sys/class/dmi/id/sys_vendor": "QEMU",
    ])
    let host = Host.current(root: tree.root)
    #expect(host.processor == "Arm Neoverse V1")
    #expect(host.features == ["neon", "sve"])
    #expect(host.hypervisor == "KVM")
  }

  @Test func anEmptySystemIsUnknownAndNotATrap() {
    let host = Host.current(root: "/nonexistent")
    #expect(host.processor == "unknown")
    #expect(host.system == "unknown")
    #expect(host.memoryBytes == 0)
    #expect(host.hypervisor == nil)
    #expect(host.features.isEmpty)
  }

  @Test func thisMachineIsDescribed() {
    let host = Host.current()
    #expect(host.memoryBytes > 0)
    #expect(!host.kernel.isEmpty && !host.kernel.contains("\0"))
    #if arch(arm64)
      #expect(host.architecture == "aarch64")
    #else
      #expect(host.architecture == "x86_64")
    #endif
  }

  @Test(arguments: [
    ("AMD EPYC", 2, "amd-epyc-2-cores"),
    ("Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz", 32, "intel-xeon-platinum-8375c-32-cores"),
    ("AMD Ryzen 9 7950X 16-Core Processor", 16, "amd-ryzen-9-7950x-16-cores"),
    ("13th Gen Intel(R) Core(TM) i7-1360P", 12, "intel-core-i7-1360p-12-cores"),
    ("Arm Neoverse V1", 1, "arm-neoverse-v1-1-core"),
    ("Ünïcode/../ (x)", 4, "n-code-x-4-cores"), ("", 4, "unknown-4-cores"),
  ])
  func machinesAreNamed(_ processor: String, _ cores: Int, _ name: String) {
    #expect(Host.machineName(processor: processor, cores: cores) == name)
  }

  @Test func theBuildSaysWhatItIs() {
    #expect(Build.compiler.hasPrefix("Swift 6."))
    #expect(!Build.features.isEmpty || Build.instructionSet.isEmpty)
    #if DEBUG
      #expect(!Build.isOptimised)
    #endif
  }
}

import Glibc
import Testing

@testable import Platform

@Suite struct AccountingTests {
  @Test func processorTimeGrowsWithWork() {
    let before = ProcessAccounting.read()
    spin(untilCPUTimeGrowsBy: 2_000_000)
    let used = ProcessAccounting.read() - before
    #expect(used.cpuNanoseconds >= 2_000_000)
  }

  @Test func touchingFreshPagesCountsAsMinorFaults() throws {
    let pages = 64
    let accountant = ThreadAccountant()
    let before = accountant.read()
    let size = pages * Int(getpagesize())
    let memory = try #require(
      mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer { munmap(memory, size) }
    madvise(memory, size, MADV_NOHUGEPAGE)
    for page in 0..<pages {
      memory.storeBytes(of: 1, toByteOffset: page * Int(getpagesize()), as: UInt8.self)
    }
    let used = accountant.read() - before
    #expect(used.usage.minorFaults >= UInt64(pages))
  }

  @Test func sleepingIsAVoluntarySwitch() {
    let accountant = ThreadAccountant()
    let before = accountant.read()
    usleep(2_000)
    let used = accountant.read() - before
    #expect(used.usage.voluntarySwitches >= 1)
  }

  @Test func whatIsMissingHasAReasonAndWhatIsThereHasNone() {
    let accountant = ThreadAccountant()
    let reading = accountant.read()
    #expect((reading.runDelayNanoseconds == nil) == (accountant.runDelayUnavailable != nil))
    #expect((reading.migrations == nil) == (accountant.migrationsUnavailable != nil))
  }

  @Test(.enabled(if: ((try? Affinity.allowed()) ?? []).count > 1))
  func movingToAnotherProcessorIsAMigration() throws {
    try expectMigrations { ThreadAccountant() }
  }

  @Test(.enabled(if: ((try? Affinity.allowed()) ?? []).count > 1))
  func withoutPermissionForTheEventMigrationsComeFromTheSchedulersFile() throws {
    try expectMigrations { ThreadAccountant(migrationEvent: -EACCES) }
  }

  private func expectMigrations(_ make: @escaping () -> ThreadAccountant) throws {
    let allowed = try Affinity.allowed()
    let (counted, reason) = try onThread { () -> (UInt64?, String?) in
      let accountant = make()
      try Affinity.pin(to: allowed[0])
      let before = accountant.read()
      try Affinity.pin(to: allowed[1])
      try Affinity.pin(to: allowed[0])
      return ((accountant.read() - before).migrations, accountant.migrationsUnavailable)
    }
    if let counted { #expect(counted >= 2) } else { #expect(reason != nil) }
  }

  @Test func aMissingReadingStaysMissingWhenSubtracted() {
    let usage = ProcessAccounting.read()
    let with = ThreadAccounting(usage: usage, runDelayNanoseconds: 5, migrations: 1)
    let without = ThreadAccounting(usage: usage, runDelayNanoseconds: nil, migrations: nil)
    #expect((with - without).runDelayNanoseconds == nil)
    #expect((without - with).migrations == nil)
    #expect((with - with).runDelayNanoseconds == 0)
  }

  @Test func stealTimeIsReadFromItsColumn() throws {
    let tree = try FakeTree([
      "stat": """
      cpu  10 20 30 40 50 60 70 80 90 100
      cpu0 1 2 3 4 5 6 7 8 9 10
      cpu1 1 2 3 4 5 6 7 11 9 10
      cpu11 1 2 3 4 5 6 7 12 9 10
      cpu2 1 2 3
      intr 5
      """
    ])
    let tick = 1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))
    #expect(StealTime.read(cpu: 0, file: tree.path("stat")) == 8 * tick)
    #expect(StealTime.read(cpu: 1, file: tree.path("stat")) == 11 * tick)
    #expect(StealTime.read(cpu: 11, file: tree.path("stat")) == 12 * tick)
    #expect(StealTime.read(cpu: 2, file: tree.path("stat")) == nil)
    #expect(StealTime.read(cpu: 3, file: tree.path("stat")) == nil)
    #expect(StealTime.read(cpu: 0, file: tree.path("absent")) == nil)
    #expect(StealTime.each(of: [0, 11], file: tree.path("stat")) == [8 * tick, 12 * tick])
    #expect(StealTime.each(of: [0, 2], file: tree.path("stat")) == nil)
    #expect(StealTime.each(of: [], file: tree.path("stat")) == [])
  }

  @Test func theScannerStopsAtTheLineAndSaturates() {
    let text = Array("a 12 b34\n5 99999999999999999999".utf8)
    text.withUnsafeBytes { bytes in
      var scanner = DecimalScanner(bytes)
      #expect(scanner.next() == 12)
      #expect(scanner.next() == 34)
      #expect(scanner.next() == nil)
      var second = bytes.after("5")
      #expect(second?.next() == .max)
      #expect(bytes.after("b") == nil)
    }
  }
}

private func spin(untilCPUTimeGrowsBy nanoseconds: UInt64) {
  let start = ProcessAccounting.read().cpuNanoseconds
  while ProcessAccounting.read().cpuNanoseconds - start < nanoseconds {}
}

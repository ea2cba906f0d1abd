import NumbersBenchmarks
import Results
import Testing

@testable import Harness

private let machine = Machine(
  name: "test", processor: "", architecture: "x86_64", cores: 2, threads: 2, packages: 1,
  numaNodes: 1, memoryBytes: 16 << 30,
  caches: [
    .init(level: 1, bytes: 32 << 10, lineBytes: 64, sharedBy: 1),
    .init(level: 2, bytes: 1 << 20, lineBytes: 64, sharedBy: 1),
    .init(level: 3, bytes: 32 << 20, lineBytes: 64, sharedBy: 2),
  ], kernel: "", system: "", hypervisor: nil)

let catalog = numberCatalog(for: machine)

/// The names that predictions may ask for.
private let promised = """
  latency.l1 latency.l2 latency.l3 latency.memory latency.memory.huge
  bandwidth.read.l1 bandwidth.read.l2 bandwidth.read.l3 bandwidth.read.memory
  bandwidth.write.l1 bandwidth.write.l2 bandwidth.write.l3 bandwidth.write.memory
  bandwidth.copy.l1 bandwidth.copy.l2 bandwidth.copy.l3 bandwidth.copy.memory
  bandwidth.triad.l1 bandwidth.triad.l2 bandwidth.triad.l3 bandwidth.triad.memory
  bandwidth.read.l1.all bandwidth.read.l2.all bandwidth.read.l3.all bandwidth.read.memory.all
  bandwidth.write.memory.all bandwidth.copy.memory.all bandwidth.triad.memory.all
  mlp.memory mlp.waiting axpy.l1 axpy.l2 dot.strided atomic.add.contended
  tlb.reach tlb.walk branch.miss branch.throughput add.latency add.integer.latency
  add.integer.throughput add.vector.latency mask.throughput store.throughput
  store.throughput.float load.throughput loop.sum loop.search nop.throughput line.handed.over add.memory mul.latency mul.integer.latency
  fma.latency fma.throughput.scalar fma.throughput.128
  fma.throughput.256 fma.throughput.512 add.throughput.scalar add.throughput.128 add.throughput.256
  add.throughput.512 flops.peak atomic.add atomic.cas line.transfer mutex futex.wake
  thread.create context.switch syscall clock.read page.fault.4k page.fault.2m malloc.free.16
  malloc.free.64 malloc.free.256 malloc.free.1024 malloc.free.65536 retain.release
  retain.release.contended array.make exclusivity.check exclusivity.access call.existential
  call.closure call.closure.throughput call.direct.throughput actor.hop async.let task.group
  async.let.tree.4096.1 async.let.tree.4096.2 async.let.tree.10000.1 async.let.tree.10000.2
  memcpy.l1 memcpy.l2
  memcpy.memory hash.int hash.string pipe.round.trip tcp.round.trip tcp.round.trip.local tcp.send
  tcp.stream tcp.delayed.ack tcp.connection tcp.round.trip.rested udp.datagram udp.piece tls.sign.p256 tls.verify.p256
  tls.certificate.p256 tls.sign.rsa2048 tls.verify.rsa2048 tls.certificate.rsa2048 tls.resumed
  fsync.4k write.cached.4k read.sequential read.again.4k read.further.4k pread.cached.4k
  read.cold.4k prefetch.4k clock.hit read.cpu read.cpu.batch read.cpu.registered uring.nop
  flush.page
  read.random.4k sqlite.scan.row sqlite.aggregate sqlite.index.covered sqlite.index.row
  sqlite.query sqlite.index.row.near sqlite.index.tested sqlite.result.row sqlite.join
  sqlite.offset.row sqlite.lookup sqlite.lookup.transaction sqlite.prepare sqlite.page.read
  sqlite.insert sqlite.insert.index sqlite.commit sqlite.page.write
  """.split { $0.isWhitespace }.map(String.init)

@Suite struct CatalogTests {
  @Test func whatIsDerivedOrDrawnIsOfOneArea() {
    for number in catalog.derived {
      let areas = Set(catalog.probes.filter { number.from.contains($0.name) }.map(\.area))
      #expect(areas.count == 1, "\(number.name)")
    }
    for series in catalog.series {
      let areas = Set(
        catalog.probes.filter { probe in
          if case .point(series.name, _, _) = probe.role { true } else { false }
        }.map(\.area))
      #expect(areas.count == 1, "\(series.name)")
    }
  }

  @Test func everyPromisedNumberIsDeclared() {
    let declared = Set(
      catalog.probes.filter { $0.role == .number }.map(\.name) + catalog.derived.map(\.name))
    #expect(promised.filter { !declared.contains($0) } == [])
  }

  @Test func everyCurveOfTheModelsIsDrawn() {
    let series = Set(catalog.series.map(\.name))
    #expect(MachineCurve.allCases.map(\.rawValue).filter { !series.contains($0) } == [])
  }

  @Test func namesAreUnique() {
    let names = catalog.probes.map(\.name) + catalog.derived.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func derivedNumbersComeFromProbes() {
    let probes = Set(catalog.probes.map(\.name))
    for number in catalog.derived {
      #expect(number.from.allSatisfy(probes.contains), "\(number.name)")
    }
  }

  @Test func pointsBelongToDeclaredSeries() {
    let series = Set(catalog.series.map(\.name))
    for probe in catalog.probes {
      guard case .point(let name, _, _) = probe.role else { continue }
      #expect(series.contains(name), "\(probe.name)")
    }
  }

  @Test func theSameMachineGivesTheSameCatalog() {
    #expect(numberCatalog(for: machine).probes.map(\.name) == catalog.probes.map(\.name))
  }

  @Test func aMachineWithoutCachesHasAllNumbersToo() {
    var bare = machine
    bare.caches = []
    #expect(numberCatalog(for: bare).probes.map(\.name) == catalog.probes.map(\.name))
  }

  @Test func aMatrixOfManyProcessorsIsSampled() {
    for (threads, pairs) in [(2, 1), (8, 28), (16, 36), (128, 36)] {
      var large = machine
      (large.cores, large.threads) = (threads, threads)
      let names = numberCatalog(for: large).probes.map(\.name)
        .filter { $0.hasPrefix("line.transfer.") }
      #expect(names.count <= pairs && names.count >= pairs * 9 / 10)
      #expect(Set(names).count == names.count)
      // Both ends of the machine are seen.
      #expect(names.contains("line.transfer.0.1"))
      #expect(threads < 4 || names.contains("line.transfer.0.\(threads / 2)"))
    }
  }

  @Test func aMachineOfOneThreadHasNoMatrix() {
    var single = machine
    (single.cores, single.threads) = (1, 1)
    let names = numberCatalog(for: single).probes.map(\.name)
    #expect(!names.contains { $0.hasPrefix("line.transfer.") })
  }
}

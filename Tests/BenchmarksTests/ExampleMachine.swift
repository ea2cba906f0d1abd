import Results

extension Machine {
  /// A machine with round numbers.
  static let example: Machine = {
    let nanoseconds: [String: Double] = [
      "conflict.load.1": 2, "conflict.load.few.1": 1, "dot.strided": 0.8, "conflict.store.1": 6,
      "conflict.copy.half.1": 6, "pages.store.8": 0.25, "load.throughput": 0.125, "loop.sum": 0.25,
      "loop.search": 0.25, "loop.end.8": 5, "loop.end.128": 22, "plain.8": 3, "plain.64": 20,
      "scatter.store.16384": 0.5, "scatter.store.134217728": 12, "add.memory": 0.75,
      "axpy.l1": 0.02, "axpy.l2": 0.03,
      "latency.l1.index": 1.25,
      "store.throughput.float": 0.25, "latency.l1": 1, "latency.l2": 4,
      "latency.l3": 12,
      "latency.memory": 100,
      "latency.memory.huge": 90, "scatter.16384": 0.5, "scatter.134217728": 9,
      "stream.16384": 0.3, "stream.134217728": 2.5, "pages.16": 0.25, "pages.8192": 6,
      "mutex.contended": 50, "atomic.add.contended": 8, "malloc.free.64.many": 14,
      "malloc.free.64.remote": 90,
      "thread.create.two": 30_000,
      "thread.move": 20_000, "futex.wake.call": 7_000, "team.round": 400,
      "staircase.4096": 1, "staircase.1048576": 8,
      "staircase.134217728": 100, "fma.latency": 1, "fma.throughput.512": 0.25,
      "fma.throughput.256": 0.125, "fma.throughput.128": 0.125, "fma.throughput.scalar": 0.125,
      "add.latency": 0.75, "add.integer.latency": 0.25, "mul.integer.latency": 0.75,
      "add.integer.throughput": 0.0625, "nop.throughput": 0.04, "store.throughput": 0.25,
      "mask.throughput": 0.3,
      "mul.latency": 0.75, "atomic.add": 2,
      "atomic.cas": 2, "line.transfer": 40, "line.handed.over": 15, "branch.miss": 4,
      "branch.throughput": 0.125,
      "call.closure": 1,
      "call.closure.throughput": 0.5, "call.direct.throughput": 0.5,
      "call.existential": 1, "retain.release": 5, "retain.release.contended": 50,
      "malloc.free.16": 8, "malloc.free.64": 8, "malloc.free.1024": 12, "malloc.free.65536": 20,
      "page.fault.4k": 500, "page.turnover": 600, "store.forward": 2, "gather": 0.3,
      "add.vector.latency": 0.5, "add.throughput.scalar": 0.125,
      "retain.release.next.l1": 4, "retain.release.next.l2": 5,
      "malloc.free.64.jemalloc": 6, "malloc.free.64.mimalloc": 4, "malloc.free.64.tcmalloc": 4,
      "malloc.free.65536.jemalloc": 300, "malloc.free.mixed": 20, "malloc.free.mixed.jemalloc": 12,
      "malloc.free.mixed.mimalloc": 8, "malloc.free.mixed.tcmalloc": 7, "page.fault.2m": 100_000,
      "tlb.walk": 8, "syscall": 100, "clock.read": 20, "mutex": 8,
      "futex.wake": 2_000, "thread.create": 20_000, "context.switch": 1_500, "actor.hop": 300,
      "async.let": 2_000, "async.let.tree.4096.1": 2_000, "async.let.tree.4096.2": 1_500,
      "async.let.tree.10000.1": 2_500, "async.let.tree.10000.2": 2_000,
      "task.group": 2_000, "hash.int": 10, "hash.string": 20,
      "array.make": 40, "shop.request": 80_000,
      "tcp.round.trip": 40_000, "tcp.round.trip.local": 9_000, "tcp.send": 1_500,
      "tcp.delayed.ack": 40e6, "tcp.round.trip.rested": 60_000,
      "tcp.connection": 35_000, "udp.datagram": 3_000, "udp.piece": 4_000, "tls.resumed": 400_000,
      "tls.sign.p256": 20_000, "tls.verify.p256": 60_000, "tls.certificate.p256": 200_000,
      "tls.sign.rsa2048": 250_000, "tls.verify.rsa2048": 45_000, "tls.certificate.rsa2048": 150_000,
      "json.message": 5_000, "json.item": 3_000, "json.double": 200, "json.byte": 3,
      "protobuf.message": 400, "protobuf.item": 300, "protobuf.double": 3, "protobuf.byte": 0.2,
      "exclusivity.check": 2, "exclusivity.access": 4,
      "read.random.4k": 60_000, "read.again.4k": 55_000, "read.further.4k": 1_500,
      "read.cold.4k": 70_000, "prefetch.4k": 8_000, "pread.cached.4k": 400, "clock.hit": 120,
      "read.cpu": 20_000, "read.cpu.batch": 5_000, "read.cpu.registered": 3_500, "uring.nop": 150,
      "read.cpu.each": 7_000,
      "write.cached.4k": 800, "fsync.4k": 150_000,
      "flush.page": 12_000, "read.depth.1": 60_000, "read.depth.8": 20_000,
      "read.depth.128": 13_000, "flush.together.1": 90_000, "flush.together.16": 300_000,
      "sqlite.scan.row": 60, "sqlite.aggregate": 40, "sqlite.index.covered": 70,
      "sqlite.index.row": 400, "sqlite.index.row.near": 250, "sqlite.query": 700,
      "sqlite.index.tested": 50,
      "sqlite.result.row": 100, "sqlite.join": 300,
      "sqlite.offset.row": 30, "sqlite.lookup": 3_000, "sqlite.lookup.transaction": 600,
      "sqlite.prepare": 8_000, "sqlite.page.read": 1_200, "sqlite.insert": 800,
      "codec.record": 4_000, "codec.record.dictionary": 3_000,
      "sqlite.insert.index": 600, "sqlite.commit": 8_000, "sqlite.page.write": 2_000,
      "sqlite.update.dense": 1_500, "sqlite.page.log": 8_000, "sqlite.commit.wal": 15_000,
      "lmdb.get": 600, "lmdb.put": 4_000, "log.record": 300, "sqlite.get": 900, "flush.4k": 130_000,
      "flush.256k": 400_000, "flush.append": 250_000, "flush.append.12k": 300_000,
      "file.append": 1_000, "journal.cycle": 700_000, "sqlite.record": 1_500,
    ]
    var bytesPerSecond: [String: Double] = [
      "aes.gcm": 4e9, "picture.decode": 400e6, "picture.shrink": 1e9, "picture.jpeg": 500e6,
      "picture.webp": 20e6,
      "mountain.16384.8": 50e9, "mountain.16384.16": 50e9, "mountain.16384.32": 45e9,
      "mountain.16384.64": 40e9, "mountain.16384.128": 40e9, "mountain.16384.256": 35e9,
      "bandwidth.write.nontemporal": 20e9, "bandwidth.copy.memory.all": 30e9,
      "bandwidth.read.l1": 200e9, "bandwidth.read.l2": 100e9, "bandwidth.read.l3": 80e9,
      "bandwidth.read.memory": 25e9, "bandwidth.read.memory.all": 40e9,
      "bandwidth.write.l1": 150e9, "bandwidth.write.l2": 60e9, "bandwidth.write.l3": 30e9,
      "bandwidth.write.memory": 10e9, "bandwidth.copy.l1": 200e9, "bandwidth.copy.l2": 90e9,
      "bandwidth.copy.l3": 60e9, "bandwidth.copy.memory": 12e9, "bandwidth.triad.l1": 250e9,
      "memcpy.memory": 12e9, "memcpy.l2": 50e9, "tcp.stream": 2.5e9,
    ]
    var counts = [
      "mlp.memory": 20.0, "mlp.waiting": 2.5, "tlb.reach": 8e6, "codec.record.ratio": 1.5,
      "codec.record.dictionary.ratio": 4, "codec.table.text.ratio": 3,
      "codec.table.columnar.ratio": 3.5, "picture.upload.ratio": 14,
      "picture.jpeg.ratio": 18, "picture.webp.ratio": 20, "codec.table.encoded.ratio": 6,
    ]
    let codecs: [(name: String, rate: Double, ratio: Double)] = [
      ("lz4", 500e6, 3), ("zlib-6", 50e6, 5), ("zstd-1", 400e6, 4.5), ("zstd-3", 300e6, 5),
      ("zstd-19", 4e6, 6), ("brotli-5", 60e6, 5.5), ("brotli-11", 0.6e6, 6.5),
    ]
    for codec in codecs {
      for data in ["logs", "json", "columns"] {
        counts["codec.\(codec.name).\(data).ratio"] = codec.ratio
        bytesPerSecond["codec.\(codec.name).\(data)"] = codec.rate
      }
      bytesPerSecond["codec.\(codec.name).decompress"] = 1e9
    }
    var numbers: [String: MachineNumber] = [:]
    for (table, unit) in [
      (nanoseconds, Unit.nanoseconds), (bytesPerSecond, .bytesPerSecond), (counts, .count),
    ] {
      for (name, value) in table {
        let interval = Interval(estimate: value, low: value, high: value)
        numbers[name] = MachineNumber(Quantity(interval, unit: unit), method: "made up")
      }
    }
    return Machine(
      name: "example", processor: "", architecture: "x86_64", cores: 4, threads: 4, packages: 1,
      numaNodes: 1, memoryBytes: 16 << 30,
      caches: [
        .init(level: 1, bytes: 32 << 10, lineBytes: 64, sharedBy: 1, ways: 8),
        .init(level: 2, bytes: 1 << 20, lineBytes: 64, sharedBy: 1, ways: 8),
        .init(level: 3, bytes: 32 << 20, lineBytes: 64, sharedBy: 4, ways: 16),
      ], kernel: "", system: "", hypervisor: nil, numbers: numbers)
  }()
}

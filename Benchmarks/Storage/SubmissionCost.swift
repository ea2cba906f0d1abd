import Disks
import Harness
import Platform
import Results

extension Experiment {
  /// Processor time of reads at equal depth: a thread for each read in flight, or io_uring.
  static let submissionCost = Experiment(
    id: "storage/submission-cost",
    title: "Many reads in flight: a thread per read → io_uring",
    slot: "performance/storage/analysis",
    claim: """
      At equal depth io_uring takes a fraction of the processor time of threads that block in \
      `pread`, because one system call submits and collects many reads and no thread is switched to \
      for each; registered buffers and files save a little more. With one read in flight there is \
      nothing to batch, and no gain.
      """,
    mechanism: """
      A thread per read pays two context switches, a wake-up and a system call for each read. The \
      ring pays them once for all reads that come back together. What both pay is the kernel's path \
      through file system and block layer, which maps the buffer, makes the request and completes it. \
      With registered buffers and files the kernel maps and looks up once, before the first read. The \
      metric is processor time (user and system) of the whole process per read, not wall time. All \
      threads share one processor, as the ring does.
      """,
    limits: """
      Processor time counts where the processor is the limit, or is paid for; if the device is the \
      limit, both finish at the same time. A real program also uses the data, which dwarfs what is \
      saved here. io_uring is switched off in many containers (seccomp, \
      `kernel.io_uring_disabled`), so a fallback to threads is needed anyway. A virtual disk's \
      interrupts and notifications cost an exit to the hypervisor, which batching shares too.
      """,
    diagram: """
      flowchart LR
        subgraph before["a thread per read: {a thread per read}"]
          direction LR
          t0["{point} threads"] -- "a call and a switch each" --> k0["kernel"]
        end
        subgraph after["one ring: {io_uring}, registered {registered}"]
          direction LR
          t1["1 thread"] -- "1 call for many" --> k1["kernel"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("reads in flight", [1, 8, 32, 128], smoke: 8),
    metric: .reported("CPU per read", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["context switches per read", "reads per second"],
    needs: [.disk(bytes: BlockReads.needed), .ring], tolerates: [.preempted],
    work: { Work(elements: Double(reads(at: $0)), each: "read") },
    variants: [
      Variant(
        "a thread per read", shows: ["threadPerRead"],
        prepare: { point in
          let reads = try ChargedReads(point)
          let threads = try BlockingThreads(point.value, on: [point.cpus[0]])
          return (reads, threads, (0..<point.value).map { _ in AlignedMemory(4096) })
        },
        report: { $0.0.report() },
        run: { reads, threads, buffers in reads.charged { threadPerRead($0, threads, buffers) } }),
      ring("io_uring", registered: false),
      ring("registered", registered: true),
    ],
    headline: DeclaredHeadline(value: 32, variant: "registered"),
    model: { question throws(MissingNumber) in
      let own =
        switch question.variant {
        case "registered": try question.time("read.cpu.registered")
        case "io_uring": try question.time("read.cpu.batch")
        // A thread's system call submits one read, and rings the device's doorbell for it.
        default: try question.time("read.cpu.each")
        }
      let alone =
        (try question.time("read.cpu") - question.time("read.cpu.batch")) / Double(question.value)
      let model =
        own.named("kernel's path of a read")
        + alone.named("notification, interrupt and sleep, shared")
      guard question.isBaseline, question.value > 1 else { return Model(model, per: .metric) }
      return Model(
        model + (try question.time("context.switch")).named("switch to the thread"), per: .metric)
    })
}

/// Of a call: each of the threads makes many, so that how they start and end is a small part.
private func reads(at depth: Int) -> Int { max(256, 16 * depth) }

private func ring(_ name: String, registered: Bool) -> Variant {
  Variant(
    name, shows: ["throughRing"],
    prepare: { point in
      let reads = try ChargedReads(point)
      let file = try DiskFile(reads.blocks.path, .direct)
      return (
        reads, try ReadRing(file, depth: point.value, bytes: 4096, registered: registered)
      )
    },
    report: { $0.0.report() },
    run: { reads, ring in reads.charged { reads in attempt { try throughRing(reads, ring) } } })
}

/// - Returns: how many sectors are right.
@inline(never)
private func threadPerRead(
  _ charged: ChargedReads, _ threads: BlockingThreads, _ buffers: [AlignedMemory]
) -> UInt64 {
  let work = charged.start(reads(at: threads.count))
  threads.run { thread in
    while let block = work.next() {
      attempt {
        try work.file.read(buffers[thread].bytes, at: block * BlockFile.blockBytes)
      }
      work.check(UnsafeRawBufferPointer(buffers[thread].bytes), of: block)
    }
  }
  return work.right
}

@inline(never)
private func throughRing(_ charged: ChargedReads, _ ring: ReadRing) throws -> UInt64 {
  let work = charged.start(reads(at: ring.depth))
  while true {
    while ring.hasRoom, let block = work.next() {
      ring.queue(block, at: block * BlockFile.blockBytes)
    }
    if ring.outstanding == 0 { return work.right }
    try ring.wait(for: 1) { work.check($0.bytes, of: $0.tag) }
  }
}

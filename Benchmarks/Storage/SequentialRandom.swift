import Disks
import Harness
import Results

extension Experiment {
  /// Blocks of 4 KiB at random, and larger pieces at random and in order.
  static let sequentialRandom = Experiment(
    id: "storage/sequential-random",
    title: "Reads of 4 KiB at random → larger reads, at random and in order",
    slot: "performance/storage/analysis",
    claim: """
      Where a disk has no moving parts, a read costs a fixed latency and then the transfer, so that a \
      mebibyte in one read takes a fraction of the time of 256 reads of 4 KiB; in order is hardly \
      faster than at random once the reads have the same size.
      """,
    mechanism: """
      The time of a read is latency + size ÷ bandwidth. At 4 KiB nearly all of it is latency: the \
      system call, the device's command, the interrupt and the wake-up. With larger reads the \
      transfer grows and the latency is paid once, until the transfer dominates and a larger read \
      changes nothing. A sequence that a program reads in small pieces is as slow as reads at random: \
      what makes sequential reading fast is that it allows large reads, and read-ahead, which makes \
      large ones of small ones. All reads are direct (O_DIRECT), one at a time.
      """,
    limits: """
      A disk with moving parts adds milliseconds to each read at random, whatever its size. Reads \
      that are larger than what is needed waste bandwidth and cache. With many reads in flight small \
      ones come near the bandwidth too (`storage/queue-depth`). A virtual disk may be served from the \
      memory of its host: compare `read.again.4k` with `read.random.4k` among the machine's numbers.
      """,
    diagram: """
      flowchart LR
        need["1 MiB of a file"] --> small["256 reads of 4 KiB at random: {4 KiB at random}"]
        need --> random["reads of {point} at random: {at random}"]
        need --> ordered["reads of {point} in order: {in order}"]
        small -- "{speedup}" --> ordered
      """,
    sweep: .bytes("read size", [4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20], smoke: 64 << 10),
    needs: [.disk(bytes: BlockReads.needed)], tolerates: [.preempted],
    work: { _ in Work(elements: 256, each: "block", bytes: Double(callBytes)) },
    variants: [
      pieces("4 KiB at random", shows: ["readAtRandom"], bytes: { _ in 4096 }) { readAtRandom($0) },
      pieces("at random", shows: ["readAtRandom"], bytes: { $0 }) { readAtRandom($0) },
      pieces("in order", shows: ["readInOrder"], bytes: { $0 }) { readInOrder($0) },
    ],
    headline: DeclaredHeadline(value: 1 << 20, variant: "in order"),
    model: { question throws(MissingNumber) in
      let size = Double(question.isBaseline ? 4096 : question.value)
      let latency = try question.time("read.random.4k")
      let blocks = size / 4096
      return Model(
        (latency / blocks).named("latency")
          + ((blocks - 1) / blocks * (try question.time("read.further.4k"))).named("transfer"))
    })
}

private let callBytes = 1 << 20

private func pieces(
  _ name: String, shows: [String], bytes: @escaping @Sendable (Int) -> Int,
  run: @escaping @Sendable (BlockReads) -> UInt64
) -> Variant {
  Variant(
    name, shows: shows, prepare: { try BlockReads($0, bytes: bytes($0.value)) }, run: run)
}

/// - Returns: how many sectors are right.
@inline(never)
private func readAtRandom(_ reads: BlockReads) -> UInt64 {
  let size = reads.buffer.bytes.count
  var right = 0
  for _ in 0..<callBytes / size {
    let block = reads.next(of: size / BlockFile.blockBytes)
    right += attempt { try reads.read(block, into: reads.buffer) }
  }
  return UInt64(right)
}

@inline(never)
private func readInOrder(_ reads: BlockReads) -> UInt64 {
  let size = reads.buffer.bytes.count
  let first = reads.next(of: callBytes / BlockFile.blockBytes)
  var right = 0
  for piece in 0..<callBytes / size {
    let block = first + piece * (size / BlockFile.blockBytes)
    right += attempt { try reads.read(block, into: reads.buffer) }
  }
  return UInt64(right)
}

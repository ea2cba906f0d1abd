import Harness
import Results

extension Experiment {
  /// A dump that goes to a far site over a link that loses packets.
  static let parallelTransfer = Experiment(
    id: "migration/parallel-transfer",
    title: "A dump over a WAN: one stream → several, compressed",
    slot: "migration/cloud/execution",
    claim: """
      On a link without loss one stream with an open window fills it, and more streams gain \
      nothing; with two per cent of loss one stream carries a fraction of the link, and four carry \
      three times as much, until they fill it. Compression helps in both cases, by its ratio.
      """,
    mechanism: """
      Reno halves its window at a loss and opens it by a packet per round trip: one stream carries \
      about √(1.5 ÷ loss) packets of 1,448 bytes per round trip, whatever the link can do (Mathis, \
      Semke, Mahdavi and Ott, 1997). Streams lose packets at different times, so that their rates \
      add up, to the link's at most. 512 KiB of table columns go over 200 Mbit/s with a round trip \
      of 4 ms, with {point}. These 362 packets are a stretch of a longer dump: windows are as \
      earlier losses left them, and each stream goes on by three packets, which show a loss at the \
      end. They meet seven losses or so, and much depends on when: that is predicted by a \
      simulation of Reno, round trip by round trip. Compressed means zstd at level 3, before and \
      after on the same processor.
      """,
    limits: """
      The time is that of the slowest stream: parts that are fetched by who is idle, not divided \
      in advance, even that out. CUBIC and BBR lose less by loss (`network/loss-congestion`). \
      A packet that is lost twice, or last, waits for a time-out, which kernels before 6.11 don't let \
      one shorten to this link's measure. \
      Sixteen streams take the bandwidth from everybody else on the same link. Compression costs \
      processor time: beyond the codec's rate it is the bottleneck, and pictures don't become \
      smaller. A window that is still opening is a third reason for several streams.
      """,
    diagram: """
      flowchart LR
        d["dump"]
        d --> a["one stream: {one stream}"]
        d --> b["4 streams: {4 streams}"]
        d --> c["16 streams: {16 streams}"]
        d --> z["one stream, compressed: {compressed}"]
        a -- "{speedup}, {point}" --> b
      """,
    sweep: .count(
      "loss", [0, 20], smoke: 0, label: { $0 == 0 ? "no loss" : "\($0 / 10) % loss" }
    ).asCases(),
    signals: ["bytes sent"],
    needs: [.links, .cores(2), .congestionControl("reno")],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "dump", bytes: Double(DumpTransfer.bytes)) },
    variants: [
      variant("one stream", shows: "oneStream", oneStream),
      variant("4 streams", shows: "fourStreams", fourStreams),
      variant("16 streams", shows: "sixteenStreams", sixteenStreams),
      variant("compressed", shows: "compressed", compressed),
    ],
    demands: Demands { ["compressing and decompressing": try DumpTransfer.codecTime($0)] },
    headline: DeclaredHeadline(value: 20, variant: "4 streams"),
    model: { question in
      let trip = Time.exactly(DumpTransfer.roundTrip * 1e9)
      let isCompressed = question.variant == "compressed"
      guard let work = question.demand("compressing and decompressing") else { return nil }
      let bytes = isCompressed ? DumpTransfer.packedBytes : DumpTransfer.bytes
      let segments = Double(bytes) / DumpTransfer.segmentBytes
      let wire = Time.exactly(segments * 1_500 * 8e9 / DumpTransfer.rate)
      let streams =
        question.variant == "4 streams" ? 4 : question.variant == "16 streams" ? 16 : 1
      let codec = isCompressed ? work : Time.exactly(0)
      guard question.value > 0 else {
        return Model(trip.named("request") + wire.named("bytes ÷ bandwidth") + codec)
      }
      let reno = RenoStreams(
        roundTrip: DumpTransfer.roundTrip, secondsPerSegment: 1_500 * 8 / DumpTransfer.rate,
        loss: Double(question.value) / 1_000,
        warmUp: DumpTransfer.warmUpBytes / Int(DumpTransfer.segmentBytes))
      let windows = Time.simulated("windows and losses") { seed in
        1e9 * reno.seconds(segments: Int(segments.rounded(.up)), streams: streams, seed: seed)
      }
      return Model(
        longest(wire + trip, windows).named("request and bytes ÷ bandwidth, or windows") + codec)
    })
}

private func variant(
  _ name: String, shows: String, _ way: @escaping @Sendable (Point) throws -> DumpTransfer
) -> Variant {
  Variant(
    name, shows: [shows], environment: .ownNetwork, prepare: way, report: { $0.report },
    run: { transfer in orEnd { try transfer.transfer() } })
}

@Sendable private func oneStream(_ point: Point) throws -> DumpTransfer {
  try DumpTransfer(point, streams: 1, isCompressed: false)
}

@Sendable private func fourStreams(_ point: Point) throws -> DumpTransfer {
  try DumpTransfer(point, streams: 4, isCompressed: false)
}

@Sendable private func sixteenStreams(_ point: Point) throws -> DumpTransfer {
  try DumpTransfer(point, streams: 16, isCompressed: false)
}

@Sendable private func compressed(_ point: Point) throws -> DumpTransfer {
  try DumpTransfer(point, streams: 1, isCompressed: true)
}

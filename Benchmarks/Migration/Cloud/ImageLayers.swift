import Codecs
import Harness
import Results
import Systems

extension Experiment {
  /// A new release on its way to the machines that are to run it.
  static let imageLayers = Experiment(
    id: "migration/image-layers",
    title: "A release to several nodes: one archive → layers, the program in its own",
    slot: "migration/cloud/containers",
    claim: """
      A release of which the nodes have all but the program's own layer starts on four of them \
      ten times as fast as the same release in one archive, since the registry's link carries the \
      program and not the system again; a better codec alone gains little. For a node that has \
      nothing yet, layers gain nothing.
      """,
    mechanism: """
      An image of 2 MiB: a system and its libraries, which change twice a year, and 128 KiB of \
      program, which changes with each release. Its files are put into a tar archive, compressed \
      (gzip's DEFLATE at 6, or Zstandard at 3), fetched by {point} over a link of 400 Mbit/s that \
      they share, unpacked and written to files. Archive: n × bytes ÷ rate, and then the last \
      node's unpacking. Layers are archives that lie over one another; a node fetches those that \
      it has not. Which these are is decided by the order of the lines in the build file: what \
      changes often comes last. In the end the program's files of each node are compared, and \
      once all.
      """,
    limits: """
      The nodes have the lower layers from the release before; a new node, or one that was \
      emptied, fetches all, and that is when scaling out is urgent: keep a node warm, or start \
      from a snapshot. A new release of the system changes the lower layer, and with it all \
      above. A program linked statically needs no system at all (`migration/start-up`). Lazy \
      fetching of files (eStargz, SOCI) starts before all has come. The nodes' work is done by \
      one processor here, one after the other.
      """,
    diagram: """
      flowchart LR
        subgraph before["one archive: {one archive, gzip}"]
          direction LR
          r0["registry"] -- "system and program" --> n0["{point}"]
        end
        zstd["the same by Zstandard: {one archive, zstd}"]
        subgraph after["layers: {program's layer}"]
          direction LR
          r1["registry"] -- "program" --> n1["{point} with the system"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "nodes", [1, 4], smoke: 4, label: { $0 == 1 ? "1 node" : "\($0) nodes" }),
    signals: ["bytes over the link per node", "share of the bytes before compression"],
    needs: [.links, .cores(2), .storage(bytes: ImageRegistry.bytes)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { Work(elements: Double($0), each: "node") },
    variants: [
      variant("one archive, gzip", shows: "whole", .zlib(6), whole),
      variant("one archive, zstd", shows: "whole", .zstd(3), whole),
      variant("program's layer", shows: "program", .zstd(3), program),
    ],
    demands: Demands { point in
      var demands: [String: Double] = [:]
      for (name, codec, layers) in [
        ("one archive, gzip", Codec.zlib(6), whole), ("one archive, zstd", .zstd(3), whole),
        ("program's layer", .zstd(3), program),
      ] {
        let registry = try ImageRegistry(point, codec, layers(), isLinked: false)
        demands["transfer of \(name)"] = registry.transmission
        demands["unpacking \(name)"] = try registry.unpackingTime()
      }
      return demands
    },
    headline: DeclaredHeadline(value: 4, variant: "program's layer"),
    model: { question in
      guard let transfer = question.demand("transfer of \(question.variant)"),
        let unpacking = question.demand("unpacking \(question.variant)")
      else { return nil }
      let nodes = Double(question.value)
      // One node's bytes come while another one's are unpacked.
      let trip = Time.exactly(ImageRegistry.roundTrip * 1e9).named("round trip")
      return Model(
        longest(nodes * transfer + unpacking, transfer + nodes * unpacking).named(
          "bytes ÷ rate, and unpacking") + trip, per: .call)
    })
}

private func variant(
  _ name: String, shows: String, _ codec: Codec,
  _ layers: @escaping @Sendable () -> [ImageLayer]
) -> Variant {
  Variant(
    name, shows: [shows], environment: .ownNetwork,
    prepare: { try ImageRegistry($0, codec, layers()) }, report: { $0.report },
    run: { registry in orEnd { try registry.start() } })
}

/// Everything, whatever the nodes have.
private func whole() -> [ImageLayer] { [.system, .program] }

/// What the nodes lack.
private func program() -> [ImageLayer] { [.program] }

import Harness
import Results

extension Experiment {
  /// A program from its start to its first answer.
  static let startUp = Experiment(
    id: "migration/start-up",
    title: "A program's first answer: dynamically linked, tables at the start → static, lazy",
    slot: "migration/cloud/serverless",
    claim: """
      Linked statically, a small program answers several times as soon after its start as with \
      five shared libraries; and what it computes at its start for later decides from a few \
      megabytes on, which the first request does not need.
      """,
    mechanism: """
      The same source is compiled twice on this machine, against the static and the shared \
      libraries of OpenSSL, SQLite, zlib and Zstandard, of each of which it calls a function. The \
      dynamic loader opens each library, maps it, and relocates its tables, page by page; a \
      static program is mapped once. A table of {point} is filled before the first answer, which \
      faults each of its pages in; the lazy variant computes the entry that is asked for. \
      Measured from before the process is started until it has answered and ended.
      """,
    limits: """
      A static program does not get the system's security fixes without a build of its own, and \
      some libraries can't be linked so. Runtimes with a virtual machine spend their start on \
      loading and compiling classes, a hundred times what is seen here: snapshots help there. \
      What is lazy is paid by the first request that needs it: a health check should be one of \
      those. The files are in the page cache; a first start from a disk or an image reads them \
      first (`migration/image-layers`).
      """,
    diagram: """
      flowchart LR
        subgraph before["dynamic: {dynamic, table at the start}"]
          direction LR
          e0["exec"] --> l0["5 libraries"] --> t0["{point} table"] --> a0["answer"]
        end
        fixed["static, with its table: {static, table at the start}"]
        subgraph after["static, lazy: {static, lazy}"]
          direction LR
          e1["exec"] --> a1["answer"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes("table", [4 << 10, 4 << 20, 32 << 20], smoke: 4 << 10),
    signals: ["processor time"],
    needs: [.program("cc", package: "gcc"), .storage(bytes: StartedProgram.bytes)],
    tolerates: [.preempted, .migrated, .shared], isRehearsed: false,
    work: { _ in Work(elements: 1, each: "start") },
    variants: [
      variant("dynamic, table at the start", shows: "asBuilt", asBuilt),
      variant("static, table at the start", shows: "staticAlone", staticAlone),
      variant("static, lazy", shows: "staticAndLazy", staticAndLazy),
    ],
    demands: Demands { point in try StartedProgram.demands(point) },
    headline: DeclaredHeadline(value: 4 << 20, variant: "static, lazy"),
    model: { question in
      guard let bare = question.demand("static start"),
        let linked = question.demand("dynamic start"),
        let megabyte = question.demand("a megabyte of table")
      else { return nil }
      let table = (Double(question.value) / 0x1p20 * megabyte).named("table")
      switch question.variant {
      case "static, lazy": return Model(bare.named("start of a static program"))
      case "static, table at the start":
        return Model(bare.named("start of a static program") + table)
      default: return Model(linked.named("start with shared libraries") + table)
      }
    })
}

/// The program's first arguments.
private func asBuilt(_ program: StartedProgram) throws -> UInt64 {
  try program.answer(isStatic: false, isLazy: false)
}

private func staticAlone(_ program: StartedProgram) throws -> UInt64 {
  try program.answer(isStatic: true, isLazy: false)
}

private func staticAndLazy(_ program: StartedProgram) throws -> UInt64 {
  try program.answer(isStatic: true, isLazy: true)
}

private func variant(
  _ name: String, shows: String,
  _ start: @escaping @Sendable (StartedProgram) throws -> UInt64
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try StartedProgram($0) }, report: { $0.report },
    run: { program in orEnd { try start(program) } })
}

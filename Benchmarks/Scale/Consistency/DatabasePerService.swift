import Glibc
import Harness
import Results

extension Experiment {
  /// Services that share a database, or have one each.
  static let databasePerService = Experiment(
    id: "scale/database-per-service",
    title: "One database for all services → a database for each",
    slot: "scale/100k/microservices",
    claim: """
      Services that compute for 0.3 ms inside of their transactions and share a database wait for \
      each other: eight together do a quarter of what one does alone; with a file each they do \
      several times as much as one.
      """,
    mechanism: """
      A writer's lock is held from the first change to the commit, with whatever is computed in \
      between. In one database the transactions of all services follow each other, so that n \
      services need n times as long as one. SQLite's waiters sleep before they look again, longer \
      each time: the lock is free and nobody takes it, and the throughput falls below that of one \
      service. With a file each there is nobody to wait for.
      """,
    limits: """
      A database with locks on rows makes only those wait that touch the same ones, and wakes them \
      at once. What the services need of each other is no join any more but a call or a copy. \
      Computing before the transaction instead of inside helps as well, and costs nothing. Backups \
      of several databases are not of one moment.
      """,
    diagram: """
      flowchart LR
        s["{point}"]
        s -- "one lock" --> a["one file: {shared database}"]
        s -- "a lock each" --> b["a file each: {database each}"]
        a -- "{speedup}" --> b
      """,
    sweep: .count(
      "services", [1, 2, 4, 8], smoke: 2, label: { $0 == 1 ? "1 service" : "\($0) services" }),
    needs: [.storage(bytes: 16 << 20)],
    tolerates: [.preempted, .migrated],
    isMirrored: false, isRehearsed: false,
    work: { Work(elements: Double(ServiceFiles.each * $0), each: "transaction") },
    variants: [
      Variant(
        "shared database", shows: ["changeShared"],
        prepare: { try ServiceFiles(files: 1, clients: $0.value, changeShared) }, run: run),
      Variant(
        "database each", shows: ["changeOwn"],
        prepare: { try ServiceFiles(files: $0.value, clients: $0.value, changeOwn) }, run: run),
    ],
    headline: DeclaredHeadline(value: 8, variant: "database each"),
    model: { question in
      let held = Time.exactly(ServiceFiles.pauseNanoseconds).named("computing with the lock")
      return Model(question.isBaseline ? held : held / Double(question.value))
    })
}

private func changeShared(_ files: [ServiceFiles.File], _ service: Int, _ number: Int) throws {
  try change(files[0], service)
}

private func changeOwn(_ files: [ServiceFiles.File], _ service: Int, _ number: Int) throws {
  try change(files[service], service)
}

private func change(_ file: ServiceFiles.File, _ row: Int) throws {
  try file.begin()
  try file.add(1, to: row)
  usleep(ServiceFiles.pause)
  try file.commit()
}

private func run(_ services: ServiceFiles) -> UInt64 {
  do { return try services.runAll() } catch { fatalError("a service: \(error)") }
}

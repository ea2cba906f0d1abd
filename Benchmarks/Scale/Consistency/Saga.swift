import Glibc
import Harness
import Results

extension Experiment {
  /// An order that stock, payment and delivery have to agree to.
  static let saga = Experiment(
    id: "scale/saga",
    title: "Two-phase commit over three services → a saga",
    slot: "scale/100k/consistency",
    claim: """
      A two-phase commit over three databases holds their locks for all of its messages, so that \
      eight clients do half as many orders as one; a saga commits each step by itself, and does \
      many times as many with eight clients, though one order of ten has to be taken back.
      """,
    mechanism: """
      The first phase takes a lock in each database and keeps it until the last answer of the \
      second: four messages here. Orders that meet at one lock follow each other, whoever sends \
      them. A saga holds each lock for a statement, and the messages of many orders overlap. If \
      its last step refuses, the steps before are undone by further commits. SQLite's waiters \
      sleep for 1, 2, 5 and more milliseconds however soon the lock is free: the locks are idle \
      meanwhile, which the formula leaves out.
      """,
    limits: """
      Between the steps others see stock that is taken and not paid: an order needs a state that \
      says so. A step that can't be undone (a parcel that has left) comes last. All orders meet at \
      one lock here, since SQLite locks a file; with row locks two-phase commit suffers at the \
      rows that many want. If its coordinator dies, its locks stay.
      """,
    diagram: """
      flowchart LR
        subgraph before["two phases: {two-phase commit}"]
          direction LR
          l["lock all three"] --> m["messages"] --> c["commit all three"]
        end
        subgraph after["one after the other: {saga}"]
          direction LR
          a["commit stock"] --> b["commit payment"] --> d["commit delivery, or undo"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "clients", [1, 2, 4, 8], smoke: 2, label: { $0 == 1 ? "1 client" : "\($0) clients" }),
    needs: [.storage(bytes: 16 << 20)],
    tolerates: [.preempted, .migrated],
    isMirrored: false, isRehearsed: false,
    work: { Work(elements: Double(ServiceFiles.each * $0), each: "order") },
    variants: [
      variant("two-phase commit", shows: "twoPhases", twoPhases),
      variant("saga", shows: "stepByStep", stepByStep),
    ],
    headline: DeclaredHeadline(value: 8, variant: "saga"),
    model: { question in
      let message = Time.exactly(ServiceFiles.pauseNanoseconds)
      return question.isBaseline
        ? Model((4 * message).named("locks held for four messages"))
        : Model(
          (3 * message / Double(question.value)).named("three messages, of all clients at once"))
    })
}

/// A message to each service with its lock taken, and one more before all commit.
private func twoPhases(_ services: [ServiceFiles.File], _ client: Int, _ order: Int) throws {
  for service in services {
    try service.begin()
    try service.add(1, to: client)
    usleep(ServiceFiles.pause)
  }
  usleep(ServiceFiles.pause)
  for service in services { try service.commit() }
}

/// A message and a commit for each service. The last one refuses one order of ten, which is undone.
private func stepByStep(_ services: [ServiceFiles.File], _ client: Int, _ order: Int) throws {
  func change(_ service: ServiceFiles.File, by amount: Int) throws {
    try service.begin()
    try service.add(amount, to: client)
    try service.commit()
  }
  let isRefused = order % 10 == 0
  for (place, service) in services.enumerated() where !isRefused || place < 2 {
    try change(service, by: 1)
    usleep(ServiceFiles.pause)
  }
  if isRefused { for service in services.dropLast() { try change(service, by: -1) } }
}

private func variant(
  _ name: String, shows: String, _ operation: @escaping ServiceFiles.Operation
) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { try ServiceFiles(files: 3, clients: $0.value, operation) },
    run: { services in
      do { return try services.runAll() } catch { fatalError("a service: \(error)") }
    })
}

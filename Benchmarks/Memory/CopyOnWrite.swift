import Harness
import Results

extension Experiment {
  /// An accidental copy at each update.
  static let copyOnWrite = Experiment(
    id: "memory/copy-on-write",
    title: "Updating a copy of a shared value → updating in place by inout",
    slot: "performance/memory/management",
    claim: """
      Returning an updated copy of a structure that holds an array copies the whole array at every \
      update, so that n updates of n elements take O(n²) time; updating by `inout` keeps the array \
      uniquely referenced and takes O(n), which for few elements saves little more than each \
      copy's allocation.
      """,
    mechanism: """
      An array refers to a reference-counted buffer, which is copied at the first write while \
      another reference to it exists. `updated(_:at:)` writes to a copy while its caller still \
      holds the original: the count is two, and the write allocates a buffer and copies every \
      element. With `inout` there is one reference, so that the write checks the count and adds in \
      place. In the machine code, the first calls `swift_allocObject` and `memcpy`, the second \
      only checks uniqueness.
      """,
    limits: """
      Where the caller needs the original afterwards, the copy is intended. A `consuming` \
      parameter passed with `consume` avoids it as well. The compiler sometimes removes the copy \
      within one function, but not across calls that it cannot inline, as here. Updates in place \
      begin with one copy too, since the input has to stay unchanged. Copies of large arrays also \
      take page faults, because `free` has returned the pages of the previous copy.
      """,
    diagram: """
      flowchart LR
        subgraph before["returned copy: {returned copy}"]
          a["ledger"] -- "count 2" --> buffer["n elements"]
          b["copy"] -- "first write" --> fresh["n elements, copied"]
        end
        subgraph after["inout: {inout}"]
          c["ledger"] -- "count 1" --> own["one element written"]
        end
        before -- "{speedup} at {point} elements" --> after
      """,
    sweep: .count("elements", [16, 256, 4_096, 65_536], smoke: 32),
    work: { _ in Work(elements: Double(updates), each: "update", bytes: Double(updates * 8)) },
    variants: [
      Variant(
        "returned copy", shows: ["Ledger", "updated", "updateByCopies"],
        prepare: { point in Ledger(balances: Array(repeating: 0, count: point.value)) },
        run: { updateByCopies($0) }),
      Variant(
        "inout", shows: ["update", "updateInPlace"],
        prepare: { point in Ledger(balances: Array(repeating: 0, count: point.value)) },
        run: { updateInPlace($0) }),
    ],
    model: costOfUpdate)
}

private func costOfUpdate(_ question: Question) throws(MissingNumber) -> Model? {
  let bytes = Double(question.value) * 8
  // Of the update, and of the question whether the array is unique.
  let calls = 2 * ((try? question.time("call.direct.throughput")) ?? .zero)
  let update = longest(
    calls.named("two calls"),
    try question.instructions(instructionsOfUpdate).named("instructions of the update"))
  // A copy is one retain and two releases. Where the core does other work meanwhile, they are free.
  let pair = try question.time("malloc.free.64")
  let counts = try 1.5 * question.time("retain.release")
  let runtime = longest(
    try question.instructions(instructionsOfCopy).named("instructions of a copy"),
    counts.named("reference counts") + pair.named("allocation"))
  // Blocks beyond the allocator's caches of a thread cost more.
  let more = bytes <= 1_000 ? Time.zero : try question.time("malloc.free.65536") - pair
  // Read and written: twice the bytes.
  let copying = try question.moving(2 * bytes, by: "copy", in: 2 * bytes)
  let copy = runtime + more.named("allocation of a larger block") + copying.named("copying")
  guard question.isBaseline else {
    // Both make one copy at the start of a kernel call, since the input has to stay unchanged.
    return Model(update + (copy / Double(updates)).named("one copy in \(updates) updates"))
  }
  return Model(copy)
}

/// Counted by single steps: of an update in place, and of one of a copy of 16 elements, with the
/// runtime's and the allocator's.
private let instructionsOfUpdate = 36.0
private let instructionsOfCopy = 492.0

/// In one kernel call. The number of elements is a power of two.
private let updates = 1_024

private struct Ledger: Sendable {
  var balances: [Int]
}

/// The caller's ledger stays unchanged.
@inline(never)
private func updated(_ ledger: Ledger, at index: Int) -> Ledger {
  var copy = ledger
  copy.balances[index] += index
  return copy
}

@inline(never)
private func updateByCopies(_ initial: Ledger) -> Int {
  var ledger = initial
  for index in 0..<updates { ledger = updated(ledger, at: index & (initial.balances.count - 1)) }
  return ledger.balances[0] + ledger.balances[ledger.balances.count / 2]
}

@inline(never)
private func update(_ ledger: inout Ledger, at index: Int) {
  ledger.balances[index] += index
}

@inline(never)
private func updateInPlace(_ initial: Ledger) -> Int {
  var ledger = initial
  for index in 0..<updates { update(&ledger, at: index & (initial.balances.count - 1)) }
  return ledger.balances[0] + ledger.balances[ledger.balances.count / 2]
}

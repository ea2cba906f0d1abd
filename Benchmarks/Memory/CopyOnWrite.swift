import Harness
import Results

extension Experiment {
  /// An accidental copy an update.
  static let copyOnWrite = Experiment(
    id: "memory/copy-on-write",
    title: "Updating a value that is still referred to → updating in place by inout",
    slot: "performance/memory/management",
    claim: """
      Returning an updated copy of a structure that holds an array copies the whole array at every \
      update, so that n updates of n elements take n² time; updating by `inout` keeps the array \
      unique and takes n. The gain grows with the size of the array and is small for a few elements.
      """,
    mechanism: """
      An array is a reference to a counted buffer, copied on the first write while somebody else \
      refers to it. `updated(_:at:)` writes to a copy while its caller still holds the original: \
      the count is two, and the write allocates a buffer and copies every element. With `inout` \
      there is one reference; the write checks the count and adds in place. In the machine code \
      the one calls `swift_allocObject` and `memcpy`, the other a uniqueness check and no more.
      """,
    limits: """
      When the caller needs the original afterwards, the copy is the subject and not a mistake. A \
      `consuming` parameter given with `consume` avoids the copy as well. The compiler sometimes \
      sees through the pattern in one function, not across calls that it cannot inline, as here. \
      Updates in place begin with one copy too, since the input is to stay as it was. A copy after \
      large ones have been freed costs page faults besides: `free` has given their pages back.
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
    predict: predictUpdating)
}

private func predictUpdating(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let bytes = Double(question.value) * 8
  let call = try question.number("call.closure")
  let allocation = try question.number("malloc.free.\(question.value <= 64 ? 64 : 1024)")
  let level = question.home(of: 2 * bytes)
  let beyond = try question.shareBeyondL2(of: 2 * bytes)
  // Read and written: twice the bytes.
  let copy = try question.moving(2 * bytes, by: "copy", in: 2 * bytes)
  // A copy is one retain and two releases, and goes through `callsOfCopy` calls, of which
  // none waits for the one before; the update that comes next waits for its element.
  let next = try question.number("call.closure.throughput")
  let counts = 1.5 * (try question.number("retain.release")) + callsOfCopy * next
  let made = allocation + counts + copy
  // Both make one copy at the start of a call, since the input is to stay as it was.
  let before = call + made
  let after = call + made / Double(updates)
  let place = level.title + (beyond > 0.1 ? ", which just holds two of them" : "")
  return Prediction(
    speedup: before / after,
    because: """
      An update with a copy allocates and frees (\(allocation.brief) ns), retains once and \
      releases twice in \(callsOfCopy.brief) calls (\(counts.brief) ns), and reads and writes the \
      array in \(place) (\(copy.brief) ns); both are a call (\(call.brief) ns). In place, the \
      same copy is made once in \(updates) updates.
      """)
}

/// Calls for a copy, counted in the machine code: the check for other owners, making the buffer,
/// its type, the object, malloc, its usable size, memcpy, the end of the old one and free.
private let callsOfCopy = 9.0

/// In one kernel call. The number of elements is a power of two.
private let updates = 1_024

private struct Ledger: Sendable {
  var balances: [Int]
}

/// The caller's ledger stays as it was.
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

import Harness
import Results

extension Experiment {
  /// Properties of an object written in the hot loop, and locals that are written back.
  static let exclusivityChecks = Experiment(
    id: "memory/exclusivity-checks",
    title: "Class property in the hot loop → local",
    slot: "performance/memory/management",
    claim: """
      In a method that is not inlined, or next to a call that could reach the object, updating a \
      class property for each element is several times slower than updating a local that is \
      written back once; where the compiler sees the whole loop, it hoists the check itself.
      """,
    mechanism: """
      Swift forbids overlapping accesses to a variable if one of them writes. For a class property \
      that is checked at run time, also in optimised builds: `swift_beginAccess` searches the \
      thread's list of open accesses. The update of a number is instantaneous, so its access is \
      neither entered in the list nor ended. For an array element the access is entered, \
      `swift_isUniquelyReferenced_nonNull_native` checks the array, and `swift_endAccess` removes the \
      entry. With a local, only the call of the method or closure remains.
      """,
    limits: """
      Read the machine code before rewriting: accesses in one function, without other code in \
      between, are checked once. For a property that only its module sees, and never lends as \
      `inout`, the compiler drops the checks; this class is public, as a library's is. During the \
      loop, other code does not see the updates of the local. `-enforce-exclusivity=unchecked` \
      drops all checks and the guarantee.
      """,
    diagram: """
      flowchart LR
        subgraph before["property: {property}"]
          direction LR
          c0["other code"] --> b["beginAccess"] --> u["update memory"] --> e["endAccess"] --> c0
        end
        subgraph after["local: {local}"]
          direction LR
          c1["other code"] --> l["update"] --> c1
          l --> w["write back"]
        end
        before -- "{speedup} with {point}" --> after
      """,
    sweep: .named("update", ["number, by a method", "array element"], smoke: 0),
    work: { _ in Work(elements: Double(Readings.count)) },
    variants: [
      Variant(
        "property", shows: ["Meter", "addToProperty", "tallyInProperty"],
        prepare: { Readings($0) },
        run: { $0.run(number: addToProperty, array: tallyInProperty) }),
      Variant(
        "local", shows: ["Sum", "addToLocal", "tallyInLocal"],
        prepare: { Readings($0) },
        run: { $0.run(number: addToLocal, array: tallyInLocal) }),
    ],
    model: { question throws(MissingNumber) in
      let isNumber = question.value == 0
      let call = try question.time(isNumber ? "call.direct.throughput" : "call.closure.throughput")
      guard question.isBaseline else {
        guard isNumber else {
          let others = try question.instructions(7).named("index check, count")
          return Model(call.named("calls") + others)
        }
        // The method gets the sum's address: each addition waits for the one before in memory.
        guard let sum = try? question.time("add.memory") else { return Model(call.named("calls")) }
        return Model(longest(call.named("calls"), sum.named("chain of additions in memory")))
      }
      let checked = try question.time(isNumber ? "exclusivity.check" : "exclusivity.access")
      let access = checked.named("checked access")
      // The call does not depend on a check, and overlaps; an access that is entered fills the core.
      return Model(
        isNumber
          ? longest(access, call.named("calls"))
          : access + (try question.instructions(othersOfTally)).named("other instructions"))
    })
}

/// Besides the access, counted in the machine code: loop, closure, and the check for other owners.
private let othersOfTally = 19.0 + 6 + 5

/// Public, as a library's class is; its method can't be inlined into the library's users.
public final class Meter {
  /// Sum of all readings.
  public var total = 0
  /// Number of readings in each class.
  public var counts: [Int] = []

  /// Adds a reading to the sum.
  @inline(never)
  public func add(_ reading: Int) { total += reading }
}

/// The same as a value.
private struct Sum {
  var total = 0

  @inline(never)
  mutating func add(_ reading: Int) { total += reading }
}

@inline(never)
private func addToProperty(_ meter: Meter, _ values: Span<Int>) -> Int {
  meter.total = 0
  for index in values.indices { meter.add(values[index]) }
  return meter.total
}

@inline(never)
private func addToLocal(_ meter: Meter, _ values: Span<Int>) -> Int {
  var sum = Sum()
  for index in values.indices { sum.add(values[index]) }
  meter.total = sum.total
  return meter.total
}

@inline(never)
private func tallyInProperty(_ meter: Meter, _ values: Span<Int>, _ scale: (Int) -> Int) -> Int {
  meter.counts = Array(repeating: 0, count: Readings.kinds)
  for index in values.indices { meter.counts[scale(values[index])] += 1 }
  return Readings.digest(meter.counts)
}

@inline(never)
private func tallyInLocal(_ meter: Meter, _ values: Span<Int>, _ scale: (Int) -> Int) -> Int {
  var counts = Array(repeating: 0, count: Readings.kinds)
  for index in values.indices { counts[scale(values[index])] += 1 }
  meter.counts = counts
  return Readings.digest(meter.counts)
}

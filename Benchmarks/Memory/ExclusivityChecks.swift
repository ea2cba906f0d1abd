import Harness
import Results

extension Experiment {
  /// Properties of an object written in the hot loop, and locals that are written back.
  static let exclusivityChecks = Experiment(
    id: "memory/exclusivity-checks",
    title: "Class property in the hot loop → local",
    slot: "performance/memory/management",
    claim: """
      Where each element's update of a class property is an access of its own, because it is made in \
      a method that is not inlined or around a call that could reach the object, every one is checked \
      for overlap at run time; a local that is written back once has no check and is faster, several \
      times where an array is updated. In a loop that the compiler sees whole it moves the check out \
      by itself.
      """,
    mechanism: """
      Swift forbids two overlapping accesses to a variable of which one writes. For a class property \
      that is checked at run time, also in optimised builds: `swift_beginAccess` goes through the \
      thread's list of open accesses. A number is updated in one go, so the access needs no entry in \
      the list and no end. An array element is updated with the array lent, so the access is entered, \
      `swift_isUniquelyReferenced_nonNull_native` is asked, and `swift_endAccess` takes the access \
      out; the closure in that loop could use the property too, so that none of it can leave the \
      loop. With a local the machine code has none of these calls, only that of the method or the \
      closure, which is in both.
      """,
    limits: """
      Read the machine code before rewriting: several accesses in one function without other code \
      in between are checked once, before the loop. For a property that only this module sees, and \
      never lends as `inout`, the compiler proves that no access overlaps and drops the checks; this \
      class is public, as a library's. What other code must see during the loop can't be kept in a \
      local. `-enforce-exclusivity=unchecked` drops all checks, and with them the guarantee.
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
    work: { _ in Work(elements: Double(count)) },
    variants: [
      Variant(
        "property", shows: ["Meter", "addToProperty", "tallyInProperty"],
        prepare: { Readings($0) },
        run: { readings in
          let values = readings.values.opaqueElements.span
          return readings.isNumber
            ? addToProperty(readings.meter, values)
            : tallyInProperty(readings.meter, values, readings.scale)
        }),
      Variant(
        "local", shows: ["Sum", "addToLocal", "tallyInLocal"],
        prepare: { Readings($0) },
        run: { readings in
          let values = readings.values.opaqueElements.span
          return readings.isNumber
            ? addToLocal(readings.meter, values)
            : tallyInLocal(readings.meter, values, readings.scale)
        }),
    ],
    predict: { question throws(MissingNumber) in
      let isNumber = question.value == 0
      let call = try question.number(
        isNumber ? "call.direct.throughput" : "call.closure.throughput")
      let access = try question.number(isNumber ? "exclusivity.check" : "exclusivity.access")
      // Besides the method or closure, a call to ask whether the array is unique. Nothing of a call
      // depends on the check, so that the longer of the two is what is seen.
      let before = max(access, isNumber ? call : 2 * call)
      return Prediction(
        speedup: before / call,
        because: """
          An element costs \(isNumber ? "a check" : "an access, entered and taken out,") \
          (\(access.brief) ns) before, beside which the calls are hidden; a local costs the call \
          (\(call.brief) ns), which is in both.
          """)
    })
}

/// Elements in one kernel call.
private let count = 2_048
/// Different readings, a power of two.
private let kinds = 64

/// Public, as a library's classes are; its method can't be inlined into the library's users.
public final class Meter {
  /// Sum of all readings.
  public var total = 0
  /// How many readings fell in each class.
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

private struct Readings {
  let meter = Meter()
  let values: AlignedBuffer<Int>
  let isNumber: Bool
  /// The class that a reading falls in.
  let scale: (Int) -> Int

  init(_ point: Point) {
    isNumber = point.value == 0
    var generator = point.generator()
    values = AlignedBuffer(count: count) { _ in Int(generator.next() % UInt64(kinds)) }
    let mask = opaque(kinds - 1)
    scale = { $0 & mask }
  }
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
  meter.counts = Array(repeating: 0, count: kinds)
  for index in values.indices { meter.counts[scale(values[index])] += 1 }
  return digest(meter.counts)
}

@inline(never)
private func tallyInLocal(_ meter: Meter, _ values: Span<Int>, _ scale: (Int) -> Int) -> Int {
  var counts = Array(repeating: 0, count: kinds)
  for index in values.indices { counts[scale(values[index])] += 1 }
  meter.counts = counts
  return digest(meter.counts)
}

private func digest(_ counts: [Int]) -> Int { counts.reduce(0) { $0 &* 31 &+ $1 } }

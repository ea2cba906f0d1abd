import Harness
import Results

extension Experiment {
  /// The same fields in three orders and widths.
  static let fieldPacking = Experiment(
    id: "memory/field-packing",
    title: "Fields in declared order → sorted by size → in bits",
    slot: "performance/memory/layout",
    claim: """
      Sorting a structure's fields by size, the largest first, makes scans faster by the share of \
      padding that goes, 40 bytes to 24 here, and packing flags and small fields into bits by what \
      that saves, to 16, once the records outgrow the caches; in the first level neither makes a \
      difference.
      """,
    mechanism: """
      Swift lays stored properties out in declared order, each at a multiple of its alignment: a \
      `Bool` before an `Int64` takes eight bytes. The three loops do the same work, the sum of the \
      amounts of active, unpaid records without a branch; sorted and declared differ only in \
      offsets and stride. From bits both flags come by one mask and one comparison, in no more \
      instructions than by two bytes.
      """,
    limits: """
      A record that is used alone does not get faster. Packed bits have a price at each write, can \
      overflow, and cannot be handed out as `inout`. A structure in a nearer cache is already fast \
      enough for the additions to be what counts.
      """,
    diagram: """
      flowchart TB
        a["declared order, 40 bytes: {declared order}"]
        b["sorted by size, 24 bytes: {sorted by size}"]
        c["in bits, 16 bytes: {in bits}"]
        a -- "no padding between fields" --> b -- "{speedup} at {point} in all" --> c
      """,
    sweep: .count("records", [512, 16 << 10, 256 << 10, 4 << 20], smoke: 100),
    signals: ["cache misses"],
    work: { records in
      let elements = Double(passes(records).count * records)
      return Work(elements: elements, each: "record", bytes: elements * 6)
    },
    variants: [
      Variant(
        "declared order", shows: ["Declared"],
        prepare: { point in bills(point, Declared.init) },
        run: { bills in passes(bills.count).sum { dueTotal(bills.opaqueElements.span) } }),
      Variant(
        "sorted by size", shows: ["Sorted"],
        prepare: { point in bills(point, Sorted.init) },
        run: { bills in passes(bills.count).sum { dueTotal(bills.opaqueElements.span) } }),
      Variant(
        "in bits", shows: ["Bits", "dueTotal"],
        prepare: { point in bills(point, Bits.init) },
        run: { bills in passes(bills.count).sum { dueTotal(bills.opaqueElements.span) } }),
    ],
    predict: { question throws(MissingNumber) in
      let records = Double(question.value)
      let work = dispatches * (try question.number("add.integer.latency"))
      func scan(_ stride: Int) throws(MissingNumber) -> OldStreaming {
        try question.streaming(Double(stride), of: records * Double(stride), compute: work)
      }
      let before = try scan(MemoryLayout<Declared>.stride)
      let isBits = question.candidate == "in bits"
      let stride = isBits ? MemoryLayout<Bits>.stride : MemoryLayout<Sorted>.stride
      let after = try scan(stride)
      return Prediction(
        speedup: before.time / after.time,
        because: """
          In declared order a record moves \(MemoryLayout<Declared>.stride) bytes from \
          \(before.level.title) (\(before.transfer.brief) ns), then \(stride) bytes from \
          \(after.level.title) (\(after.transfer.brief) ns); either way it costs at least \
          the two cycles in which its nine instructions are dispatched, \(work.brief) ns.
          """)
    })
}

/// Cycles that dispatch one turn of the loop: nine macro-ops in each layout, counted in the machine
/// code (an addition and its overflow check are one, and so are a countdown and its branch), at six
/// a cycle (AMD, *Software Optimization Guide for the Zen 4 Microarchitecture*, 57647, 2.9).
private let dispatches = 2.0

private func passes(_ records: Int) -> Passes { Passes(over: records, toReach: 1 << 14) }

/// The same random bills, in some layout.
private func bills<Record: Bill>(
  _ point: Point, _ make: (_ number: Int, _ random: UInt64) -> Record
) -> AlignedBuffer<Record> {
  var generator = point.generator()
  return AlignedBuffer(count: point.value) { make($0, generator.next()) }
}

private protocol Bill: BitwiseCopyable {
  /// The amount, where the account is active and the bill unpaid; else 0.
  var due: Int { get }
}

private struct Declared: Bill {
  var isActive: Bool
  var number: Int
  var kind: UInt8
  var amount: Int32
  var isPaid: Bool
  var time: Int

  init(number: Int, random: UInt64) {
    (isActive, isPaid) = (random & 1 != 0, random & 2 != 0)
    (self.number, kind, time) = (number, 7, number)
    amount = Int32(random >> 40)
  }

  var due: Int { isActive && !isPaid ? Int(amount) : 0 }
}

private struct Sorted: Bill {
  var number: Int
  var time: Int
  var amount: Int32
  var kind: UInt8
  var isActive: Bool
  var isPaid: Bool

  init(number: Int, random: UInt64) {
    (isActive, isPaid) = (random & 1 != 0, random & 2 != 0)
    (self.number, kind, time) = (number, 7, number)
    amount = Int32(random >> 40)
  }

  var due: Int { isActive && !isPaid ? Int(amount) : 0 }
}

/// 16 bytes: the number in 40 bits, the kind in 8, the flags in one each; the time in seconds.
private struct Bits: Bill {
  var numberKindFlags: UInt64
  var time: UInt32
  var amount: Int32

  init(number: Int, random: UInt64) {
    numberKindFlags = UInt64(number) << 24 | 7 << 16 | random & 3
    time = UInt32(truncatingIfNeeded: number)
    amount = Int32(random >> 40)
  }

  var due: Int { numberKindFlags & 3 == 1 ? Int(amount) : 0 }
}

@inline(never)
private func dueTotal<Record: Bill>(_ bills: Span<Record>) -> Int {
  var total = 0
  for index in bills.indices { total += bills[index].due }
  return total
}

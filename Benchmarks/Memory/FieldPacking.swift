import Harness
import Results

extension Experiment {
  /// The same fields in three orders and widths.
  static let fieldPacking = Experiment(
    id: "memory/field-packing",
    title: "Fields in declared order → sorted by size → packed into bits",
    slot: "performance/memory/layout",
    claim: """
      Sorting a structure's fields by size, largest first, removes its padding (40 bytes to 24 \
      here), packing flags and small fields into bits shrinks it further (to 16), and scans are \
      faster in proportion once the records outgrow the caches; in the first-level cache neither \
      makes a difference.
      """,
    mechanism: """
      Swift lays out stored properties in declared order, each at a multiple of its alignment: a \
      `Bool` before an `Int` takes eight bytes. All loops are a branch-free sum of the amounts of \
      active, unpaid records. Sorted and declared differ only in offsets and stride; in bits, one \
      mask and one comparison test both flags, in no more instructions.
      """,
    limits: """
      Access to a single record does not get faster. Packed bits cost instructions at each write, \
      can overflow, and can't be passed as `inout`.
      """,
    diagram: """
      flowchart TB
        a["declared order, 40 bytes: {declared order}"]
        b["sorted by size, 24 bytes: {sorted by size}"]
        c["in bits, 16 bytes: {in bits}"]
        a -- "no padding between fields" --> b -- "{speedup} over declared order, {point} records" --> c
      """,
    sweep: .count("records", [512, 16 << 10, 256 << 10, 4 << 20], smoke: 100),
    signals: ["cache misses"],
    work: { records in
      let elements = Double(scanPasses(records).count * records)
      return Work(elements: elements, each: "record", bytes: elements * 6)
    },
    variants: [
      variant("declared order", shows: ["Declared", "dueTotal"]) { $0 },
      variant("sorted by size", shows: ["Sorted", "dueTotal"], Sorted.init),
      variant("in bits", shows: ["Bits", "dueTotal"], Bits.init),
      .reading({ MemoryLayout<Bits>.stride * $0 }, passes: { scanPasses($0).count }),
    ],
    headline: DeclaredHeadline(value: 4 << 20, variant: "in bits"),
    model: { question throws(MissingNumber) in
      // Nine in each layout, counted in the machine code: an addition and its overflow check are one,
      // as are a countdown and its branch.
      let work = try question.instructions(9)
      // Two or three loads for each record.
      let (stride, load) =
        switch question.variant {
        case "declared order": (MemoryLayout<Declared>.stride, 16)
        case "sorted by size": (MemoryLayout<Sorted>.stride, 8)
        default: (MemoryLayout<Bits>.stride, 8)
        }
      let all = Double(question.value) * Double(stride)
      return Model(
        try question.scan(Double(stride), loadEvery: load, of: all, compute: work))
    })
}

/// The same random bills, in some layout.
private func variant<Record: Bill & SendableMetatype>(
  _ name: String, shows: [String], _ layOut: @escaping @Sendable (Declared) -> Record
) -> Variant {
  Variant(
    name, shows: shows,
    prepare: { point in
      var generator = point.generator()
      return AlignedBuffer(count: point.value, distinct: 1 << 16) {
        layOut(Declared($0, generator.next()))
      }
    },
    run: { bills in scanPasses(bills.count).sum { dueTotal(bills.opaqueElements.span) } })
}

private protocol Bill: BitwiseCopyable {
  /// The amount, where the account is active and the bill unpaid; else 0.
  var due: Int { get }
}

private struct Declared: Bill {
  var isActive: Bool
  var number: Int
  var kind: UInt8 = 7
  var amount: Int32
  var isPaid: Bool
  var time: Int

  init(_ number: Int, _ random: UInt64) {
    (self.number, time, amount) = (number, number, Int32(random >> 40))
    (isActive, isPaid) = (random & 1 != 0, random & 2 != 0)
  }

  var due: Int { isActive && !isPaid ? Int(amount) : 0 }
}

private struct Sorted: Bill {
  var number, time: Int
  var amount: Int32
  var kind: UInt8
  var isActive, isPaid: Bool

  init(_ bill: Declared) {
    (number, time, amount, kind) = (bill.number, bill.time, bill.amount, bill.kind)
    (isActive, isPaid) = (bill.isActive, bill.isPaid)
  }

  var due: Int { isActive && !isPaid ? Int(amount) : 0 }
}

/// 16 bytes: the number in 40 bits, the kind in 8, one bit per flag, and the time in seconds.
private struct Bits: Bill {
  var numberKindFlags: UInt64
  var time: UInt32
  var amount: Int32

  init(_ bill: Declared) {
    let flags: UInt64 = (bill.isActive ? 1 : 0) | (bill.isPaid ? 2 : 0)
    numberKindFlags = UInt64(bill.number) << 24 | UInt64(bill.kind) << 16 | flags
    time = UInt32(truncatingIfNeeded: bill.time)
    amount = bill.amount
  }

  var due: Int { numberKindFlags & 3 == 1 ? Int(amount) : 0 }
}

@inline(never)
private func dueTotal<Record: Bill>(_ bills: Span<Record>) -> Int {
  var total = 0
  for index in bills.indices { total += bills[index].due }
  return total
}

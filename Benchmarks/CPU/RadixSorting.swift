import Harness
import Results
import Techniques

extension Experiment {
  /// Sorting by comparisons and by digits.
  static let radixSort = Experiment(
    id: "cpu/radix-sort",
    title: "Sorting integers and records: the library's sort → digits from the lowest up",
    slot: "performance/cpu/algorithmic",
    claim: """
      Sorting thousands of random integers or small records by an unsigned key is several times \
      faster by digits than by comparisons; some dozens of elements, or wide keys, are not worth \
      the counting.
      """,
    mechanism: """
      The library's sort is a merge sort of runs: about log₂ n comparisons for each element, and \
      on random keys the branch after each is guessed wrong every second time. The radix sort \
      reads a byte of the key, looks up where its pile ends, stores the element there and moves \
      the end (two loads, two stores, no branch but the loop's); four such passes sort 32-bit \
      keys, eight 64-bit ones, after one pass that counts all digits.
      """,
    limits: """
      It needs room for as many elements again, and keys that are integers or can be mapped to \
      them in order. Each byte of the key costs a pass, whatever n is. On data that are nearly \
      sorted the library's sort finds the runs and wins. Past the caches 256 piles are 256 streams \
      of stores, more than some processors' buffers follow.
      """,
    diagram: """
      flowchart LR
        subgraph before["library: {library}"]
          direction LR
          runs["runs"] -- "compare, guess" --> merged["merged, log₂ n times"]
        end
        subgraph after["digits: {digits}"]
          direction LR
          count["count all digits"] --> d0["deal by byte 0"] --> d1["by byte 1"] --> d3["…"]
        end
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .named("elements", SortCase.all.map(\.label), smoke: 0),
    signals: ["branch misses", "instructions"],
    work: { index in
      let sorting = SortCase.all[index]
      return Work(
        elements: Double(sorting.arrays * sorting.count), bytes: Double(2 * sorting.bytes))
    },
    variants: [
      Variant(
        "library", shows: ["integersByComparison", "recordsByComparison"],
        prepare: { SortInput($0) },
        run: { input in input.digest(integersByComparison, recordsByComparison) }),
      Variant(
        "digits", shows: ["integersByDigits", "recordsByDigits"],
        prepare: { SortInput($0) },
        run: { input in input.digest(integersByDigits, recordsByDigits) }),
    ],
    predict: { question throws(MissingNumber) in
      let sorting = SortCase.all[question.value]
      let cycle = try question.number("add.integer.latency")
      let miss = try question.number("branch.miss")
      let near = try question.latency(of: .l1)
      let levels = Double(sorting.count.trailingZeroBitCount)
      // Runs of 32 are made by insertion (Sort.swift of the standard library: counts that are
      // powers of two halve to 32): a quarter of a run is moved, two steps each, and the end is
      // guessed wrong. A step of merging: a load, a comparison, every second time a wrong guess.
      let run = 32.0
      let insertion = run / 4 * 2 * cycle + miss
      let comparison = insertion + (levels - 5) * (near + cycle + miss / 2)
      // Counted in the machine code, adding to memory as three operations: dealing takes 10 for an
      // element, counting 5 for a digit, and where a pile starts 3.
      let passes = Double(sorting.keyBytes)
      let set = Double(2 * sorting.count * sorting.stride)
      let dealing = try question.instructions(10)
      let read = try question.streaming(Double(sorting.stride), of: set, compute: dealing)
      // The lines of the piles lie apart, and are fetched before they are written: stores leave in
      // order, so that one whose line is not there yet holds up those behind it.
      let piled = Double(sorting.stride) / 64 * (try question.randomLine(in: set))
      let moved = max(dealing, read.transfer) + piled
      // Where a pile starts is the sum of those before: a chain of additions.
      let piles = 256 * max(try question.instructions(3), cycle) / Double(sorting.count)
      let digits = passes * (moved + (try question.instructions(5)) + piles)
      return Prediction(
        speedup: comparison / digits,
        because: """
          Runs of 32 are made by insertion (\(insertion.brief) ns an element). Merging takes \
          \((levels - 5).brief) steps, each a load, a comparison and half a wrong \
          guess: \(comparison.brief) ns. By digits an element is dealt \(sorting.keyBytes) times, \
          in ten operations while the bytes come from \
          \(read.level.title), and then to its pile's line (\(moved.brief) ns); each digit is counted in five, and its 256 piles \
          are added up: \(digits.brief) ns.
          """)
    })
}

/// What is sorted: so many elements of a kind, and how many arrays of them in one call, since
/// predictors learn a few short arrays by heart.
private struct SortCase {
  let label: String
  let count: Int
  let keyBytes: Int
  let stride: Int

  var arrays: Int { max(1, 1 << 16 / count) }
  var bytes: Int { arrays * count * stride }

  static let all = [
    SortCase(label: "64 integers", count: 64, keyBytes: 4, stride: 4),
    SortCase(label: "4,096 integers", count: 4_096, keyBytes: 4, stride: 4),
    SortCase(label: "262,144 integers", count: 1 << 18, keyBytes: 4, stride: 4),
    SortCase(label: "4,096 records", count: 4_096, keyBytes: 8, stride: 16),
    SortCase(label: "262,144 records", count: 1 << 18, keyBytes: 8, stride: 16),
  ]
}

private struct Record: BitwiseCopyable {
  var key: UInt64
  var row: Int
}

/// Arrays of one kind; the other kind's are empty.
private final class SortInput {
  var integers: [[UInt32]] = []
  var records: [[Record]] = []
  let integerScratch: AlignedBuffer<UInt32>
  let recordScratch: AlignedBuffer<Record>

  init(_ point: Point) {
    let sorting = SortCase.all[point.value]
    let wide = sorting.keyBytes == 8
    var random = point.generator()
    integerScratch = AlignedBuffer(count: wide ? 0 : sorting.count) { _ in 0 }
    recordScratch = AlignedBuffer(count: wide ? sorting.count : 0) { Record(key: 0, row: $0) }
    for _ in 0..<sorting.arrays {
      if wide {
        records.append((0..<sorting.count).map { Record(key: random.next(), row: $0) })
      } else {
        integers.append((0..<sorting.count).map { _ in .random(in: 0...(.max), using: &random) })
      }
    }
  }

  /// Sorts copies; the digest reads some elements in their places.
  func digest(
    _ sortIntegers: ([UInt32], UnsafeMutableBufferPointer<UInt32>) -> [UInt32],
    _ sortRecords: ([Record], UnsafeMutableBufferPointer<Record>) -> [Record]
  ) -> UInt64 {
    var digest: UInt64 = 0
    for array in integers {
      let sorted = sortIntegers(array, integerScratch.elements)
      for index in stride(from: 0, to: sorted.count, by: 61) {
        digest = digest &* 31 &+ UInt64(sorted[index])
      }
    }
    for array in records {
      let sorted = sortRecords(array, recordScratch.elements)
      for index in stride(from: 0, to: sorted.count, by: 61) {
        digest = digest &* 31 &+ sorted[index].key &+ UInt64(sorted[index].row)
      }
    }
    return digest
  }
}

@inline(never)
private func integersByComparison(
  _ integers: [UInt32], _ scratch: UnsafeMutableBufferPointer<UInt32>
) -> [UInt32] {
  var integers = integers
  integers.sort()
  return integers
}

@inline(never)
private func recordsByComparison(
  _ records: [Record], _ scratch: UnsafeMutableBufferPointer<Record>
) -> [Record] {
  var records = records
  records.sort { $0.key < $1.key }
  return records
}

@inline(never)
private func integersByDigits(
  _ integers: [UInt32], _ scratch: UnsafeMutableBufferPointer<UInt32>
) -> [UInt32] {
  var integers = integers
  integers.withUnsafeMutableBufferPointer { RadixSort.sort($0, scratch: scratch) }
  return integers
}

@inline(never)
private func recordsByDigits(
  _ records: [Record], _ scratch: UnsafeMutableBufferPointer<Record>
) -> [Record] {
  var records = records
  records.withUnsafeMutableBufferPointer { RadixSort.sort($0, scratch: scratch) { $0.key } }
  return records
}

import Harness
import Results
import Techniques

extension Experiment {
  /// Sorting by comparisons and by digits.
  static let radixSort = Experiment(
    id: "cpu/radix-sort",
    title: "Sorting integers and records: the library's sort → radix sort",
    slot: "performance/cpu/algorithmic",
    claim: """
      Sorting dozens to hundreds of thousands of random integers or small records by an unsigned \
      key is several times faster by digits than by comparisons, however wide the key is; the gain \
      shrinks where many keys agree in their upper bits and not in the lower ones.
      """,
    mechanism: """
      The library's sort is a merge sort of runs: about log₂ n comparisons per element, and on \
      random keys half of the branches on them are mispredicted. The radix sort reads a digit of \
      the key, looks up the end of its bucket, stores the element there and advances the end: two \
      loads, two stores, and no branch but the loop's. Among n random keys the upper log₂ n + 4 \
      bits are different in nearly all: two such passes order by these, and the few neighbours \
      that agree in them are compared. More than 16,384 elements are split by six bits before, so \
      that the two passes go over a part in a near cache. A split has few parts, each of them a \
      write stream, and asks for the next line of a stream before it is written.
      """,
    limits: """
      It needs a second array of the same size, and keys that are integers or map to integers in \
      the same order. Where a dozen keys each agree in their upper bits, as rows of one customer \
      do, most elements are sorted by insertion after all; a few keys far above all others, or one \
      frequent key, cost further passes. On nearly sorted data the library's sort finds the runs \
      and wins. Each pass stores an element and a counter, one after the other, in all caches; a \
      vectorised quicksort such as Highway's partitions a whole vector of integers at a time, and \
      is ahead for many integers where vectors are wide.
      """,
    diagram: """
      flowchart LR
        subgraph before["library: {library}"]
          direction LR
          runs["runs"] -- "compare, mispredict" --> merged["merged, log₂ n times"]
        end
        subgraph after["digits: {digits}"]
          direction LR
          split["split, if many"] --> d0["distribute by the lower digit"]
          d0 --> d1["by the upper one"] --> rest["insert what agrees in both"]
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
    ] + sortPeers,
    // 4,096 integers: thousands of elements, inside the caches.
    headline: DeclaredHeadline(value: 1, variant: "digits"),
    model: { question throws(MissingNumber) in
      let sorting = SortCase.all[question.value]
      let sort =
        try question.isBaseline
        ? sorting.mergeSortTime(question) : sorting.radixSortTime(question)
      return Model(try sorting.copyTime(question) + sort)
    })
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
  _ records: [KeyedRecord], _ scratch: UnsafeMutableBufferPointer<KeyedRecord>
) -> [KeyedRecord] {
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
  _ records: [KeyedRecord], _ scratch: UnsafeMutableBufferPointer<KeyedRecord>
) -> [KeyedRecord] {
  var records = records
  records.withUnsafeMutableBufferPointer { RadixSort.sort($0, scratch: scratch) { $0.key } }
  return records
}

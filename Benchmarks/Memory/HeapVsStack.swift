import Harness
import Results

extension Experiment {
  /// Scratch memory of one call: an array, a fixed array in the frame, and a temporary allocation.
  static let heapVsStack = Experiment(
    id: "memory/heap-vs-stack",
    title: "Scratch array in each call → InlineArray, temporary allocation",
    slot: "performance/memory/detection",
    claim: """
      A function that needs a small array for the length of a call runs several times faster with \
      that memory in its stack frame; the gain shrinks as the work on the array grows, and is small \
      from some hundred elements on.
      """,
    mechanism: """
      The array's size is known only at run time, so that the compiler keeps it on the heap. Each \
      call looks up the storage's type, calls `swift_allocObject` (malloc) and \
      `malloc_usable_size`, zeroes the memory, and at the end releases and frees it. `InlineArray` \
      has its size in its type: the frame grows by a constant. `withUnsafeTemporaryAllocation` \
      grows the frame at run time; above 1 KiB it asks the runtime first and takes a heap block \
      where the stack is nearly full. All three zero the memory and run the same two loops with \
      bounds checks.
      """,
    limits: """
      The compiler itself often places an array of constant size that does not escape on the stack: \
      nothing is gained there. What outlives the call has to be on the heap. An `InlineArray` is \
      copied as a whole; large ones, or deep recursion, overflow the stack. A temporary allocation \
      is unsafe memory that starts uninitialised and must not leave its closure.
      """,
    diagram: """
      flowchart LR
        subgraph before["array: {array}"]
          f0["frame"] -- "allocate, free" --> h["heap: n elements"]
        end
        subgraph after["in the frame"]
          direction TB
          f1["InlineArray: {InlineArray}"]
          f2["temporary allocation: {temporary allocation}"]
        end
        before -- "{speedup} with {point} elements" --> after
      """,
    sweep: .count("elements", [8, 28, 124, 508], smoke: 8),
    signals: ["allocations per call"],
    work: { _ in Work(elements: Double(TaskLinks.calls), each: "call") },
    variants: [
      .countingRuntimeCalls(
        "array", shows: ["visitByArray"], per: "call", of: TaskLinks.calls,
        prepare: { TaskLinks($0) },
        run: { links in links.sum(visitByArray) }),
      .countingRuntimeCalls(
        "InlineArray", shows: ["visitByInlineArray"], per: "call", of: TaskLinks.calls,
        prepare: { TaskLinks($0) }, run: { visitByInlineArray(of: $0) }),
      .countingRuntimeCalls(
        "temporary allocation", shows: ["visitByTemporary"], per: "call", of: TaskLinks.calls,
        prepare: { TaskLinks($0) },
        run: { links in links.sum(visitByTemporary) }),
    ],
    // A small array with some work on it.
    headline: DeclaredHeadline(value: 28, variant: "InlineArray"),
    model: { question throws(MissingNumber) in
      let elements = Double(question.value)
      let work = try visiting(elements, question)
      switch question.variant {
      case "array":
        // The number is of a small block. Blocks beyond the allocator's caches of a thread cost more.
        let more =
          elements * 8 <= 1_000
          ? Time.zero
          : try question.time("malloc.free.65536") - question.time("malloc.free.64")
        let array = try question.time("array.make") + more
        return Model(array.named("allocating and freeing the array") + work)
      case "temporary allocation":
        // Its size is not known: a call of memset, and one of the closure.
        let calls = try 2 * question.time("call.closure.throughput")
        return Model(work + calls.named("calls of the temporary allocation"))
      default: return Model(work)
      }
    })
}

/// Time of zeroing the memory and of both loops.
private func visiting(_ elements: Double, _ question: Question) throws(MissingNumber) -> Time {
  // Counted in the machine code, a comparison and its branch as one: 5 operations an element in the
  // first loop, 7 in the second, each of whose loads waits for the one before.
  let (first, second) = (24 + 5 * elements, 7 * elements)
  // While a call waits for its loads, the core works on the next one, as far as that fits in its
  // window. So much of the loads is over before the next call's first one is in it …
  let loads = min(1, max(0, first + second - question.window) / second)
  // … and of the zeroing and of the first loop, only the rest is seen.
  let seen = max(0, first - question.window) / first
  let zeroing = try Size.exactly(elements * 8) / question.bandwidth("bandwidth.write.l1")
  let iterations = try elements * question.time("add.integer.latency")
  return longest(
    try question.instructions(first + second).named(
      "instructions", because: "loads of one call overlap the work of the next"),
    seen * (zeroing.named("zeroing") + iterations.named("first loop"))
      + (loads * elements * (try question.indexedLoad())).named("dependent loads"))
}

/// Visits the tasks in their order, for which it reverses the links.
@inline(never)
private func visitByArray(_ previous: Span<Int>) -> Int {
  var next = [Int](repeating: 0, count: previous.count)
  for task in previous.indices { next[previous[task]] = task }
  var (sum, task) = (0, 0)
  for position in previous.indices {
    sum &+= task &* position
    task = next[task]
  }
  return sum
}

@inline(never)
private func visitByInlineArray<let count: Int>(
  _ previous: Span<Int>, _: InlineArray<count, Int>.Type
) -> Int {
  var next = InlineArray<count, Int>(repeating: 0)
  for task in previous.indices { next[previous[task]] = task }
  var (sum, task) = (0, 0)
  for position in previous.indices {
    sum &+= task &* position
    task = next[task]
  }
  return sum
}

@inline(never)
private func visitByTemporary(_ previous: Span<Int>) -> Int {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: previous.count) { memory in
    memory.initialize(repeating: 0)
    // SAFETY: initialised as a whole, and used only in this closure.
    var next = memory.mutableSpan
    for task in previous.indices { next[previous[task]] = task }
    var (sum, task) = (0, 0)
    for position in previous.indices {
      sum &+= task &* position
      task = next[task]
    }
    return sum
  }
}

/// The sizes of the sweep: a generic parameter is known at compile time.
private func visitByInlineArray(of links: TaskLinks) -> Int {
  func visit<let count: Int>(_ type: InlineArray<count, Int>.Type) -> Int {
    links.sum { visitByInlineArray($0, type) }
  }
  return switch links.count {
  case 8: visit(InlineArray<8, Int>.self)
  case 28: visit(InlineArray<28, Int>.self)
  case 124: visit(InlineArray<124, Int>.self)
  default: visit(InlineArray<508, Int>.self)
  }
}

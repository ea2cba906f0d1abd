import Harness
import Results

extension Experiment {
  /// Scratch memory of one call: an array, a fixed array in the frame, and a temporary allocation.
  static let heapVsStack = Experiment(
    id: "memory/heap-vs-stack",
    title: "Scratch array a call → InlineArray, temporary allocation",
    slot: "performance/memory/detection",
    claim: """
      A function that makes a small array for its own use and drops it runs several times faster \
      with the same memory in its stack frame; the gain shrinks as the work on the array grows, and \
      is hardly seen from some hundred elements on.
      """,
    mechanism: """
      The size is only known at run time, so the compiler keeps the array on the heap: the before \
      calls `Array._allocateBufferUninitialized`, which looks up the storage's type, calls \
      `swift_allocObject` (malloc) and `malloc_usable_size`, then memset; at the end \
      `swift_release` destroys and frees. `InlineArray` has its size in its type: the frame grows by \
      a constant. `withUnsafeTemporaryAllocation` grows the frame at run time; over 1 KiB it asks \
      `swift_stdlib_isStackAllocationSafe` first, and takes a heap block where the answer is no. All \
      three zero the memory and run the same two loops with bounds checks; without the checks, \
      on the bare buffer, the compiler makes scatter instructions of the first loop, which is another \
      subject.
      """,
    limits: """
      An array of constant size that does not escape is often put on the stack by the compiler \
      (`swift_initStackObject` in the machine code): nothing is gained there. What outlives the call \
      has to be on the heap. An `InlineArray` is copied whole wherever it is copied; large ones, or \
      deep recursion, run out of stack. A temporary allocation is unsafe memory that starts \
      uninitialised and must not leave its closure.
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
    work: { _ in Work(elements: Double(calls), each: "call") },
    variants: [
      .countingRuntimeCalls(
        "array", shows: ["visitByArray"], per: "call", of: calls, prepare: { links(of: $0) },
        run: { links in repeated { visitByArray(links.opaqueElements.span) } }),
      .countingRuntimeCalls(
        "InlineArray", shows: ["visitByInlineArray"], per: "call", of: calls,
        prepare: { links(of: $0) }, run: { visitByInlineArray(of: $0) }),
      .countingRuntimeCalls(
        "temporary allocation", shows: ["visitByTemporary"], per: "call", of: calls,
        prepare: { links(of: $0) },
        run: { links in repeated { visitByTemporary(links.opaqueElements.span) } }),
    ],
    predict: { question throws(MissingNumber) in
      let elements = Double(question.value)
      let bytes = elements * 8
      // Blocks past the allocator's caches of a thread cost more; the number is of a small one.
      let small = try question.number("malloc.free.64")
      let larger = bytes <= 1_000 ? 0 : try question.number("malloc.free.65536") - small
      let make = try question.number("array.make") + larger
      let zeroing = bytes / (try question.number("bandwidth.write.l1")) * 1e9
      let store = elements * (try question.number("add.integer.latency"))
      let walk = elements * (try question.number("latency.l1"))
      // Counted in the machine code, a comparison and its branch as one.
      let operations = 24 + 12 * elements
      // While one call waits for its loads the next is done beside it, if both fit the window.
      let overlap = 2 * operations <= window
      let work = overlap ? try question.instructions(operations) : zeroing + store + walk
      // The temporary's size is not known: a call of memset, and one of the closure.
      let isTemporary = question.candidate == "temporary allocation"
      let more = isTemporary ? 2 * (try question.number("call.closure.throughput")) : 0
      let doing =
        overlap
        ? """
        \(operations.brief) operations, so few that the core goes on to the next call while loads \
        wait (\(work.brief) ns), are work in all
        """
        : """
        zeroing it (\(zeroing.brief) ns), and an addition in a chain and a dependent load from L1 \
        for each element (\((store + walk).brief) ns), is work in all
        """
      return Prediction(
        speedup: (make + work) / (work + more),
        because: """
          Making and dropping an array of that size takes \(make.brief) ns; \
          \(doing)\(isTemporary ? "; two calls more take \(more.brief) ns" : "").
          """)
    })
}

/// Operations that a core holds at a time (AMD, *Software Optimization Guide for the Zen 4
/// Microarchitecture*, document 57647, 2.10: the retire queue). Others hold more or fewer.
private let window = 320.0

/// Calls of the function in one kernel call.
private let calls = 512

/// Tasks that each name the one before them, in one random cycle.
private func links(of point: Point) -> AlignedBuffer<Int> {
  var generator = point.generator()
  let order = Array(0..<point.value).shuffled(using: &generator)
  var previous = order
  for (place, task) in order.enumerated() {
    previous[task] = order[(place + order.count - 1) % order.count]
  }
  return AlignedBuffer(count: point.value) { previous[$0] }
}

@inline(__always)
private func repeated(_ call: () -> Int) -> Int {
  var sum = 0
  for _ in 0..<calls { sum &+= call() }
  return sum
}

/// Visits the tasks in their order, which takes the links turned round.
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
    // SAFETY: initialised as a whole, and used in this closure alone.
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

/// The sizes for which the program was made: a generic parameter is known when compiling.
private func visitByInlineArray(of links: AlignedBuffer<Int>) -> Int {
  func visit<let count: Int>(_ type: InlineArray<count, Int>.Type) -> Int {
    repeated { visitByInlineArray(links.opaqueElements.span, type) }
  }
  return switch links.count {
  case 8: visit(InlineArray<8, Int>.self)
  case 28: visit(InlineArray<28, Int>.self)
  case 124: visit(InlineArray<124, Int>.self)
  default: visit(InlineArray<508, Int>.self)
  }
}

import Harness
import Results

extension Experiment {
  /// A filter whose test the processor can or cannot predict.
  static let branchPrediction = Experiment(
    id: "cpu/branch-prediction",
    title: "A filter on random data: a branch per value → no branch",
    slot: "performance/cpu/hardware",
    claim: """
      Copying the values below a limit is faster without a branch when the outcomes are random, \
      most of all when half of the values are kept; when almost all outcomes are the same, the \
      branch is predicted and costs little.
      """,
    mechanism: """
      The plain loop stores only the values that it keeps, and the compiler may not add stores to \
      replace the branch. The processor predicts each branch and executes speculatively; a \
      misprediction discards that work. Without a branch, every value is stored and the end \
      advances by 1 or 0, the result of the comparison: the next value overwrites an unwanted one. \
      Each process draws two million new values, since predictors memorise shorter patterns.
      """,
    limits: """
      With predictable data (sorted, or nearly always the same outcome) the branch costs almost \
      nothing and saves the store. The output needs room for one more value than it keeps. Where \
      both sides are cheap and have no side effects, the compiler removes the branch itself.
      """,
    diagram: """
      flowchart LR
        subgraph before["branch: {branch}"]
          direction LR
          v0["value < limit?"] -- "predicted" --> k0["store, advance"]
          v0 -- "mispredicted" --> f0["discard speculative work"] --> k0
        end
        subgraph after["no branch: {no branch}"]
          direction LR
          v1["store"] --> a1["end += value < limit ? 1 : 0"]
        end
        before -- "{speedup} at {point} kept" --> after
      """,
    sweep: .count("kept", [1, 10, 25, 50, 75, 90, 99], smoke: 50, label: { "\($0) %" }),
    signals: ["branch misses", "instructions"],
    work: { _ in Work(elements: Double(valueCount), each: "value", bytes: Double(valueCount * 4)) },
    variants: [
      Variant(
        "branch", shows: ["keepByBranch"],
        prepare: { FilterInput($0) }, run: { $0.digest(of: keepByBranch) }),
      Variant(
        "no branch", shows: ["keepByArithmetic"],
        prepare: { FilterInput($0) }, run: { $0.digest(of: keepByArithmetic) }),
    ],
    model: { question throws(MissingNumber) in
      let share = Double(question.value) / 100
      // Eight values are 43 instructions, counted in the machine code; the last two, the loop's
      // comparison and branch, fuse.
      let step = try question.instructions(42.0 / 8).named("instructions")
      // Kept values are written, and their lines read before.
      let bytes = Double(4 * valueCount) * (1 + share)
      let read = try question.curve(.stream, at: bytes) * (4.0 / 64)
      let write = Size.exactly(4 * share) / (try question.bandwidth("write", in: bytes))
      let value = longest(step, (read + write).named("bandwidth"))
      guard question.isBaseline else { return Model(value) }
      // Of independent outcomes a predictor can at best predict the more frequent one.
      let wrong = min(share, 1 - share) * (try question.time("branch.miss"))
      return Model(value + wrong.named("mispredictions"))
    })
}

/// More than a predictor memorises, even where few outcomes differ from the others.
private let valueCount = 1 << 21

private struct FilterInput: Sendable {
  let values: AlignedBuffer<UInt32>
  let kept: AlignedBuffer<UInt32>
  let limit: UInt32

  /// Values from the whole range, of which the point's value, in %, lies below the limit.
  init(_ point: Point) {
    var random = point.generator()
    values = AlignedBuffer(count: valueCount) { _ in UInt32(truncatingIfNeeded: random.next()) }
    kept = AlignedBuffer(count: valueCount + 1) { _ in 0 }
    limit = UInt32(UInt64(UInt32.max) * UInt64(point.value) / 100)
  }

  /// The number of kept values and a sample of them: reading all would cost as much as keeping.
  func digest(
    of keep: (UnsafeBufferPointer<UInt32>, UInt32, UnsafeMutableBufferPointer<UInt32>) -> Int
  ) -> UInt64 {
    let count = keep(values.opaqueElements, limit, kept.elements)
    return stride(from: 0, to: count, by: 1_021).reduce(UInt64(count)) {
      $0 &* 31 &+ UInt64(kept.elements[$1])
    }
  }
}

@inline(never)
private func keepByBranch(
  _ values: UnsafeBufferPointer<UInt32>, below limit: UInt32,
  in kept: UnsafeMutableBufferPointer<UInt32>
) -> Int {
  var end = 0
  for value in values where value < limit {
    kept[end] = value
    end &+= 1
  }
  return end
}

@inline(never)
private func keepByArithmetic(
  _ values: UnsafeBufferPointer<UInt32>, below limit: UInt32,
  in kept: UnsafeMutableBufferPointer<UInt32>
) -> Int {
  var end = 0
  for value in values {
    kept[end] = value
    // The borrow of a subtraction: the compiler would turn a comparison into a branch.
    end &+= Int(truncatingIfNeeded: (UInt64(value) &- UInt64(limit)) &>> 63)
  }
  return end
}

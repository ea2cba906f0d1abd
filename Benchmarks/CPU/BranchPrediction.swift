import Harness
import Results

extension Experiment {
  /// A filter whose test the processor can or cannot guess.
  static let branchPrediction = Experiment(
    id: "cpu/branch-prediction",
    title: "A filter on random data: a branch on every value → none",
    slot: "performance/cpu/hardware",
    claim: """
      Copying the values below a limit is faster without a branch when the outcomes are random, \
      most of all when half of them are kept, and not when almost all go the same way, since the \
      processor then guesses right.
      """,
    mechanism: """
      The plain loop compiles to `cmp`, `jae`, a store, an `inc`: the store happens only for a \
      value that is kept, so the compiler may not turn the branch into arithmetic by itself. The \
      processor guesses each outcome and starts on what follows; a wrong guess throws that work \
      away. Without the branch every value is stored, and `cmp` with `setb` or `adc` moves the end by \
      1 or by 0: a value that is not wanted is overwritten by the next one. There are more than \
      2,000,000 values, anew in every process, since predictors learn shorter patterns by heart.
      """,
    limits: """
      With predictable data (sorted, or nearly always the same) the branch costs nothing and saves \
      the store. The output needs room for one value more than are kept. A compiler that sees \
      that both sides are cheap and free of effects removes the branch itself: look at the machine \
      code first.
      """,
    diagram: """
      flowchart LR
        subgraph before["branch: {branch}"]
          direction LR
          v0["value < limit?"] -- "guessed right" --> k0["store, advance"]
          v0 -- "guessed wrong" --> f0["throw away what was begun"] --> k0
        end
        subgraph after["no branch: {no branch}"]
          direction LR
          v1["store"] --> a1["end += value < limit ? 1 : 0"]
        end
        before -- "{speedup} at {point} kept" --> after
      """,
    sweep: .count(
      "kept", [1, 10, 25, 50, 75, 90, 99], smoke: 50, label: { "\($0) %" }),
    signals: ["branch misses", "instructions"],
    work: { _ in Work(elements: Double(valueCount), bytes: Double(valueCount * 4)) },
    variants: [
      Variant(
        "branch", shows: ["keepByBranch"],
        prepare: { FilterInput($0) },
        run: { input in
          input.digest(
            keepByBranch(input.values.opaqueElements, below: input.limit, in: input.kept.elements))
        }),
      Variant(
        "no branch", shows: ["keepByArithmetic"],
        prepare: { FilterInput($0) },
        run: { input in
          input.digest(
            keepByArithmetic(
              input.values.opaqueElements, below: input.limit, in: input.kept.elements))
        }),
    ],
    predict: { question throws(MissingNumber) in
      let share = Double(question.value) / 100
      // Eight values are 43 instructions, counted in the machine code; the last two, which count
      // and go round, are one operation.
      let step = try question.instructions(42.0 / 8)
      let miss = try question.number("branch.miss")
      // Kept values are written, and their lines read before.
      let bytes = Double(4 * valueCount) * (1 + share)
      let read = 4 / 64 * (try question.curve(.stream, at: bytes))
      let moved = read + 4 * share / (try question.bandwidth("write", in: bytes))
      let after = max(step, moved)
      // The best that can be done on independent outcomes is to guess the more frequent one.
      let wrong = min(share, 1 - share)
      return Prediction(
        speedup: (after + wrong * miss) / after,
        because: """
          Without a branch a value is 42 ÷ 8 operations (\(step.brief) ns), or \
          what is read and kept has to be moved (\(moved.brief) ns). The branch costs besides. With \
          independent outcomes the best guess is the more frequent one, wrong for \
          \((100 * wrong).brief) % of values, and each wrong guess costs \(miss.brief) ns.
          """)
    })
}

/// More than a predictor can learn by heart, even where few outcomes differ from the others.
private let valueCount = 1 << 21

private struct FilterInput: Sendable {
  let values: AlignedBuffer<UInt32>
  let kept: AlignedBuffer<UInt32>
  let limit: UInt32

  /// Values from the whole range, of which the point's value, in %, lies below the limit.
  init(_ point: Point) {
    var random = point.generator()
    values = AlignedBuffer(count: valueCount) { _ in .random(in: 0...(.max), using: &random) }
    kept = AlignedBuffer(count: valueCount + 1) { _ in 0 }
    limit = UInt32(UInt64(UInt32.max) * UInt64(point.value) / 100)
  }

  /// The count and some of the values, in their places; reading all would cost as much as keeping.
  func digest(_ count: Int) -> UInt64 {
    stride(from: 0, to: count, by: 1_021).reduce(UInt64(count)) {
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
    // The borrow of a subtraction: the compiler makes a branch of a comparison.
    end &+= Int(truncatingIfNeeded: (UInt64(value) &- UInt64(limit)) &>> 63)
  }
  return end
}

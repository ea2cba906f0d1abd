import CPerflab
import Harness
import Results

/// Two kernels whose ratio is known by construction.
enum KnownPair: Hashable, CaseIterable {
  /// One function, compared with itself.
  case same
  /// A function and a copy of it that lies elsewhere in the binary.
  case copy
  /// A function, and the same function with this percentage of extra work.
  case slower(percent: Int)

  static let allCases: [KnownPair] =
    [.same, .copy] + [1, 2, 3, 5, 10].map { .slower(percent: $0) }

  /// As the last part of an experiment's id has it.
  var name: String {
    switch self {
    case .same: "same"
    case .copy: "copy"
    case .slower(let percent): "slower-\(percent)"
    }
  }

  /// The candidate's steps, for a baseline of `steps`.
  func steps(_ steps: Int) -> Int {
    guard case .slower(let percent) = self else { return steps }
    precondition(steps % 100 == 0, "a hundredth of the work must be a whole number of steps")
    return steps + steps / 100 * percent
  }

  /// A kind of kernel as experiments, one for each pair.
  ///
  /// - Parameters:
  ///   - kind: the id's middle part.
  ///   - steps: what the baseline does in one call, a multiple of 100.
  ///   - variant: makes a variant of the name that does so many steps, by the copy if asked.
  static func experiments(
    kind: String, title: String, mechanism: String, needs: [Requirement] = [], steps: Int,
    variant: (_ name: String, _ steps: Int, _ isCopy: Bool) -> Variant
  ) -> [Experiment] {
    allCases.map { pair in
      Experiment(
        id: "calibration/\(kind)/\(pair.name)", title: title, slot: "performance/method",
        claim: "The ratio is known by construction: this tests the instrument.",
        mechanism: mechanism,
        limits: "Shows how far verdicts can be trusted; says nothing about any optimisation.",
        diagram: "flowchart LR\n  {baseline} --> {candidate}",
        sweep: .count("steps", [steps], smoke: steps), needs: needs,
        work: { Work(elements: Double($0)) },
        // In a loop of unknown length: otherwise the optimiser might make different wrappers for
        // the two calls, and their difference of a few nanoseconds would be measured.
        variants: (0..<opaque(2)).map { index in
          index == 0
            ? ("baseline", steps, false) : ("candidate", pair.steps(steps), pair == .copy)
        }.map(variant), predict: { _ in nil })
    }
  }
}

/// What a kernel reports beside its time: the offset of its code in the binary, which is the same
/// in every process.
func whereabouts(_ code: UnsafeRawPointer) -> [String: Counter] {
  ["code": Counter(Double(perflab_code_offset(code)), unit: .count)]
}

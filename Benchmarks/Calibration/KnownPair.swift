import CPerflab
import Harness
import Results

/// Two kernels whose ratio is known by construction.
enum KnownPair: Hashable, CaseIterable {
  /// One function, compared with itself.
  case same
  /// A function, and a copy of it elsewhere in the binary.
  case copy
  /// A function, and the same function with so many percent more work.
  case slower(percent: Int)

  static let allCases: [KnownPair] =
    [.same, .copy] + [1, 2, 3, 5, 10].map { .slower(percent: $0) }

  /// The last part of an experiment's id.
  var name: String {
    switch self {
    case .same: "same"
    case .copy: "copy"
    case .slower(let percent): "slower-\(percent)"
    }
  }

  /// Steps of the candidate, for a baseline that does `steps`.
  func steps(_ steps: Int) -> Int {
    guard case .slower(let percent) = self else { return steps }
    precondition(steps % 100 == 0, "a hundredth of the work must be a whole number of steps")
    return steps + steps / 100 * percent
  }

  /// Experiments on one kind of kernel, one for each pair.
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
        // In a loop of unknown length: otherwise the optimiser makes two different wrappers for the
        // two calls, some nanoseconds apart, and the measurement shows their difference.
        variants: (0..<opaque(2)).map { index in
          index == 0
            ? ("baseline", steps, false) : ("candidate", pair.steps(steps), pair == .copy)
        }.map(variant))
    }
  }
}

/// What a kernel reports beside its time: the place of its code, in bytes from the start of the
/// binary, which is the same in every process.
func codeOffset(_ code: UnsafeRawPointer) -> [String: Counter] {
  ["code": Counter(Double(perflab_code_offset(code)), unit: .count)]
}

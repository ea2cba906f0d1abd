import CPerflab
import Harness
import Results

/// Two kernels whose ratio is known because of how they were made.
enum KnownPair: Hashable, CaseIterable {
  /// One function, held against itself.
  case same
  /// A function and a copy of it that lies elsewhere in the binary.
  case copy
  /// A function, and the same function with so many hundredths more to do.
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

  /// What the candidate does, beside a baseline that does `steps`.
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
        claim: "The ratio is known before it is measured: the instrument is what is tested.",
        mechanism: mechanism,
        limits: "Says how far verdicts can be trusted, and nothing about any optimisation.",
        diagram: "flowchart LR\n  {baseline} --> {candidate}",
        sweep: .count("steps", [steps], smoke: steps), needs: needs,
        work: { Work(elements: Double($0)) },
        // In a loop of unknown length: the optimiser would else make two different wrappers for the
        // two calls, some nanoseconds apart, which is then the difference measured.
        variants: (0..<opaque(2)).map { index in
          index == 0
            ? ("baseline", steps, false) : ("candidate", pair.steps(steps), pair == .copy)
        }.map(variant), predict: { _ in nil })
    }
  }
}

/// What a kernel reports beside its time: where its code lies, as the distance from the start of
/// the binary, which is the same in every process.
func whereabouts(_ code: UnsafeRawPointer) -> [String: Counter] {
  ["code": Counter(Double(perflab_code_offset(code)), unit: .count)]
}

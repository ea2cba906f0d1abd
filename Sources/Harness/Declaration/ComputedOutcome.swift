extension Experiment {
  /// What one of its variants comes to, with every input at its estimate and the inputs' intervals:
  /// for an experiment that meters what this one computes.
  /// - Returns: nil where there is no such variant, where it is not computed, or in another unit.
  public func outcome<U>(
    of variant: String, at value: Int, for question: Question
  ) throws(MissingNumber) -> Term<U>? {
    guard let index = variants.firstIndex(where: { $0.name == variant }),
      case .outcome(let outcome) = variants[index].body
    else { return nil }
    let computation = try outcome(
      Question(
        variant: variant, isBaseline: index == 0, value: value, machine: question.machine,
        registers: question.registers))
    return computation.unit == U.unit ? Term(computation.metric) : nil
  }
}

import Testing

@testable import Assessment

@Suite struct ExerciseTests {
  @Test func answersAreReadAsPeopleWriteThem() {
    let answers = Answers("# Answers: x\nAt users: about 196,500 (±10%)\nCost ($): $4.2k\nEmpty:\n")
    #expect(answers.number("at users") == 196_500 && answers.number("cost ($)") == 4_200)
    #expect(answers["empty"] == "" && Answers("Empty:\n").isEmpty)
    #expect(answers.numbers("at users") == [196_500, 10])
    let others = Answers("a: 1,5 to 1'200\nb: 1.2 million, or 12 ms\nc: $1,234,567.8; 30k.\n")
    #expect(others.numbers("a") == [1.5, 1_200] && others.numbers("b") == [1.2e6, 12])
    #expect(others.numbers("c") == [1_234_567.8, 30_000])
  }

  @Test func theModelAnswerOfABillGetsNearlyAllPoints() throws {
    let exercise = SavingsExercise(seed: 5)
    let plan = SavingsPlan(
      try Bill(path: try Fixture.file(exercise.bill.focus)),
      try Utilisation(Array(exercise.bill.utilisation.utf8), named: "u"), target: 0.3)
    let lines = plan.measures.map { measure in
      let middle = (measure.saving.lowerBound + measure.saving.upperBound) / 2
      return "\(measure.kind.rawValue): $\(Int(middle)) a month"
    }
    let resources = plan.measures.flatMap(\.resources).joined(separator: " ")
    let text =
      lines.joined(separator: "\n")
      + "\nDone last (a measure of the list): Commitments\nResources that you touch, separated by spaces: \(resources)\n"
    let grade = exercise.grade(Answers(text), plan)
    #expect(grade.most == 100 && grade.reached > 99)
    let careless = exercise.grade(Answers(text + "\n" + "x: y"), plan)
    #expect(careless == grade)
    let wrong = Answers(
      "Resources that you touch, separated by spaces: \(exercise.bill.sound[0])\n")
    #expect(exercise.grade(wrong, plan).reached < 5)
    // Whoever guesses gets nothing, neither with a dollar nor with a million for each.
    for guess in [1, 1_000_000] {
      let guesses = Measure.Kind.allCases.map { "\($0.rawValue): \(guess)\n" }.joined()
      let grade = exercise.grade(
        Answers(guesses + "Resources that you touch, separated by spaces: all of them\n"), plan)
      #expect(grade.reached < 5)
    }
  }

  @Test func theModelAnswerOfAPlanGetsAllPoints() throws {
    let exercise = GrowthExercise(seed: 3)
    let plan = try GrowthPlan(
      try GrowingSystem(exercise.system, in: "s"), from: 100_000, to: 1_000_000)
    let (first, second) = (plan.steps[0], plan.steps[1])
    let answers = Answers(
      """
      Breaks first (tier): \(first.tier)
      At users: \(Int(first.users))
      In month: \(first.month)
      Breaks second (tier): \(second.tier)
      At users (second): \(Int(second.users))
      Months until a million: \(plan.month(of: 1e6))
      Cost a month at the end ($): \(Int(plan.monthly(at: 1e6).lowerBound))
      What would falsify the plan: a p99 that differs by 20%
      """)
    let grade = try exercise.grade(answers)
    #expect(grade.reached == 100 && grade.most == 100, "\(grade.points)")
    #expect(try exercise.grade(Answers("Breaks first (tier): moon\n")).reached == 0)
    let all = "Breaks first (tier): web, search or database\n"
    #expect(try exercise.grade(Answers(all)).reached == 0)
    #expect(grade.text.contains("The model answer"))
  }

  @Test func aBottleneckIsNamedByItsNumberOrInWords() {
    let exercise = DiagnosisExercise(seed: 1)
    let diagnosis = Diagnosis(Readings())
    let numbers = exercise.kinds.map { 1 + Finding.Kind.allCases.firstIndex(of: $0)! }
    for names in [numbers.map(String.init), exercise.kinds.map { $0.rawValue.capitalized }] {
      let text = zip(1..., names).map { "Bottleneck \($0): \($1)\n" }.joined()
      #expect(exercise.grade(Answers(text), diagnosis).reached == 60)
    }
  }

  @Test func everySeedOfAShopHasFaultsThatAreListed() {
    let cases = Set((0..<200).map { DiagnosisExercise(seed: $0).names })
    #expect(cases.count == DiagnosisExercise.cases.count)
    #expect(DiagnosisExercise.form.contains("\(Finding.Kind.allCases.count). "))
  }
}

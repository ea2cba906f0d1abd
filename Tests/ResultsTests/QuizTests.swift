import Results
import Testing

@Suite struct QuizTests {
  private func answer(
    _ id: String, expected: Double, range: ClosedRange<Double>? = nil, verdict: Verdict = .faster,
    measured: Double = 2, measuredVerdict: Verdict = .faster
  ) -> Quiz.Answer {
    Quiz.Answer(
      date: "", machine: "box", experiment: id, expected: expected,
      range: range.map {
        Interval(estimate: expected, low: $0.lowerBound, high: $0.upperBound)
      }, verdict: verdict,
      measured: Interval(estimate: measured, low: measured, high: measured),
      measuredVerdict: measuredVerdict)
  }

  @Test func aScoreSaysHowFarAndWhichWay() throws {
    var quiz = Quiz()
    quiz.add(answer("cpu/a", expected: 4, range: 3...5))
    quiz.add(answer("cpu/b", expected: 4, range: 1...5, verdict: .same))
    quiz.add(answer("memory/a", expected: 1, measuredVerdict: .unresolved))
    let scores = QuizScore.all(quiz)
    #expect(scores.map(\.name) == ["all", "cpu", "memory"])
    #expect(scores[0].factor == 2)
    #expect(abs(scores[1].bias - 2) < 1e-9 && abs(scores[2].bias - 0.5) < 1e-9)
    #expect(scores[0].verdicts == (1, 2) && scores[0].ranges == (1, 2))
    #expect(scores[2].verdicts == (0, 0) && scores[2].ranges == (0, 0))
    #expect(QuizScore("none", []) == nil)
  }

  @Test func theSameSeedAsksTheSameAndNewQuestionsComeFirst() {
    let ids = (0..<20).map { "cpu/\($0)" }
    var (first, second) = (Quiz(), Quiz())
    first.begin(ids, count: 5, machine: "box", seed: 7)
    second.begin(ids.reversed(), count: 5, machine: "box", seed: 7)
    #expect(first.open == second.open && first.open?.left.count == 5)
    for id in ids.dropLast(2) { first.add(answer(id, expected: 1)) }
    first.begin(ids, count: 3, machine: "box", seed: 8)
    #expect(Set(first.open?.left.prefix(2) ?? []) == Set(ids.suffix(2)))
    #expect(first.open?.left.last == "cpu/0")
    first.begin(ids, count: 50, machine: "box", seed: 8)
    #expect(first.open?.count == 20)
  }

  @Test func theLastAnswerEndsAQuiz() {
    var quiz = Quiz()
    quiz.begin(["cpu/a", "cpu/b"], count: 2, machine: "box", seed: 1)
    quiz.skip("cpu/a")
    #expect(quiz.open?.left == ["cpu/b"])
    quiz.add(answer("cpu/b", expected: 2))
    #expect(quiz.open == nil)
  }
}

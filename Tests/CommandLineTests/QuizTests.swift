import Foundation
import Results
import Testing

/// `perflab quiz` over a pipe, on results made by hand: a speedup of 4 (3.9 to 4.1), faster.
@Suite struct QuizTests {
  private func quiz(
    _ input: String, _ words: String = "", in folder: URL
  ) throws -> Perflab.Outcome {
    try Perflab.start(
      [
        "sh", "-c",
        "printf '\(input)' | '\(Perflab.path())' quiz --machine box --file quiz.json "
          + "--seed 3 \(words)",
      ], in: folder)
  }

  private func folder() throws -> URL {
    let folder = try Perflab.scratch()
    var results = Box.results
    var other = results.experiments[0]
    other.id = "cpu/other"
    results.experiments.append(other)
    try Box.write(results, to: folder.appending(path: "Reports/box"))
    return folder
  }

  private func stored(_ folder: URL) throws -> Quiz {
    try JSONDecoder().decode(
      Quiz.self, from: Data(contentsOf: folder.appending(path: "quiz.json")))
  }

  @Test func aQuestionHasNoNumbersAndAnAnswerHasAll() throws {
    let folder = try folder()
    let outcome = try quiz("2-5\\nfaster\\n8x\\nf\\n", in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let question = try #require(outcome.out.split(separator: "Measured:").first)
    #expect(question.contains("A[?] --> B[?]"))
    #expect(question.contains("How much faster than 'aos' is 'soa' at 4 MiB?"))
    #expect(!question.contains("3.9") && !question.contains("4.0"))
    #expect(outcome.out.contains("Measured: 4.00× (3.90–4.10)"))
    #expect(outcome.out.contains("your range holds it; the verdict is right"))
    #expect(outcome.out.contains("you expected 8.0×, 2.0× too much"))
    let found = try stored(folder)
    #expect(found.open == nil && found.answers.count == 2)
    #expect(Set(found.answers.map(\.area)) == ["memory", "cpu"])
    let score = try Perflab.run(["quiz", "--score", "--file", "quiz.json"], in: folder)
    #expect(score.code == 0 && score.out.contains("verdicts right"))
  }

  @Test func codeThatVariantsShareIsShownOnce() throws {
    let folder = try Perflab.scratch()
    var results = Box.results
    results.experiments[0].account.sources = ["aos", "soa"].map {
      SourceExcerpt(variant: $0, file: "a.swift", line: 1, code: "func sum() {}")
    }
    try Box.write(results, to: folder.appending(path: "Reports/box"))
    let outcome = try quiz("", in: folder)
    #expect(outcome.out.contains("── aos, soa\nfunc sum() {}\n\nHow much"), "\(outcome.out)")
  }

  @Test func whatIsLeftContinues() throws {
    let folder = try folder()
    let first = try quiz("3\\nf\\n", in: folder)
    #expect(first.code == 0 && first.out.contains("1 left; the same command continues"))
    let open = try #require(try stored(folder).open)
    let second = try quiz("nonsense\\n0\\n3\\nmaybe\\nsame\\n", in: folder)
    #expect(second.out.contains("── 2 of 2"), "\(second.out)")
    #expect(second.err == "the quiz that was left goes on; --fresh begins a new one\n")
    #expect(second.out.contains("type a factor") && second.out.contains("type faster, slower"))
    let answers = try stored(folder).answers
    #expect(answers.map(\.experiment).last == open.left.first)
    #expect(answers.last?.isVerdictRight == false)
    // The one that was asked longest ago comes first now.
    let third = try quiz("s\\n", "--count 1", in: folder)
    #expect(third.code == 0)
    #expect(try stored(folder).answers.count == 2)
  }

  @Test func aRangeFarFromAnySpeedupHasAMiddle() throws {
    let folder = try folder()
    let outcome = try quiz("1e200-1e300\\nf\\n", in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let middle = try #require(try stored(folder).answers.first?.expected)
    #expect(middle > 1e249 && middle < 1e251, "\(middle)")
  }

  @Test func badInputIsOneLine() throws {
    let folder = try folder()
    func expect(_ outcome: Perflab.Outcome, _ code: Int32, _ says: String) {
      #expect(outcome.code == code && outcome.err.contains(says), "\(outcome.err)")
      #expect(outcome.err.filter { $0 == "\n" }.count == 1)
    }
    expect(try quiz("", "--count 0", in: folder), 64, "--count takes 1 or more")
    expect(try quiz("", "--score", in: folder), 64, "there are no answers in quiz.json yet")
    expect(try quiz("", "--only cpu/othr", in: folder), 64, "did you mean cpu/other")
    expect(try quiz("", in: try Perflab.scratch()), 1, "there are no results")
    try "{".write(to: folder.appending(path: "quiz.json"), atomically: true, encoding: .utf8)
    expect(try quiz("", in: folder), 1, "quiz.json can't be read: it is no complete JSON; move it")
    try "[]".write(to: folder.appending(path: "quiz.json"), atomically: true, encoding: .utf8)
    expect(try quiz("", in: folder), 1, "it is no JSON object; move it away, or name another file")
    try "{\"schema\":9}".write(
      to: folder.appending(path: "quiz.json"), atomically: true, encoding: .utf8)
    expect(try quiz("", in: folder), 1, "it has schema 9")
  }
}

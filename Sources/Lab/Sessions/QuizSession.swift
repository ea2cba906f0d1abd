import Glibc
import Rendering
import Results
import Statistics

/// A quiz at the terminal, or over a pipe: a line for each answer.
struct QuizSession {
  private let experiments: [ExperimentResult]
  private let machine: String
  private let store: QuizFile

  /// - Parameter patterns: of the experiments that may be asked for; all where there is none.
  init(
    _ results: Results, only patterns: [String], of path: String, store: QuizFile
  ) throws(LabError) {
    let able = results.experiments.filter { $0.headline?.candidate.speedup != nil }
    guard !able.isEmpty else {
      throw .invalid("no experiment has a measured speedup yet; run '\(Lab.program) run' first")
    }
    experiments = try Selection.results(matching: patterns, in: able, of: path)
      .map(Self.withCode)
    machine = results.machine.name
    self.store = store
  }

  /// Results may be kept without the code: then it is that of this build.
  private static func withCode(_ stored: ExperimentResult) -> ExperimentResult {
    guard stored.account.sources.isEmpty,
      let experiment = LabContext.current.catalog.first(where: { $0.id == stored.id })
    else { return stored }
    var result = stored
    result.account.sources = Sources.excerpts(of: experiment)
    return result
  }

  func run(count: Int, seed: UInt64?, isFresh: Bool) throws {
    var quiz = try store.load()
    let ids = experiments.map(\.id)
    let goesOn =
      !isFresh && quiz.open?.machine == machine
      && quiz.open?.left.contains(where: ids.contains) == true
    if goesOn {
      quiz.open?.left.removeAll { !ids.contains($0) }
      Console.note("the quiz that was left goes on; --fresh begins a new one")
    } else {
      let seed = seed ?? UInt64.random(in: 0..<1 << 32)
      quiz.begin(ids, count: count, machine: machine, seed: seed)
      try store.save(quiz)
    }
    while let open = quiz.open, let id = open.left.first,
      let experiment = experiments.first(where: { $0.id == id }),
      let question = QuizText.question(experiment)
    {
      try Console.line("── \(open.count - open.left.count + 1) of \(open.count)\n\n\(question)")
      switch try ask(experiment) {
      case .ended:
        try Console.line("\n\(open.left.count) left; the same command continues")
        return
      case .skipped: quiz.skip(id)
      case .given(let answer):
        quiz.add(answer)
        try Console.line(QuizText.answer(answer))
      }
      try store.save(quiz)
    }
    try Self.show(quiz)
  }

  static func show(_ quiz: Quiz) throws(LabError) {
    try Console.result(
      QuizText.score(quiz, width: Console.width(), colour: Console.colour))
  }

  private enum Reply {
    case given(Quiz.Answer), skipped, ended
  }

  private func ask(_ experiment: ExperimentResult) throws -> Reply {
    guard let headline = experiment.headline, let measured = headline.candidate.speedup else {
      return .skipped
    }
    var guess: (expected: Double, range: Interval?)?
    while guess == nil {
      guard let line = try line(QuizText.howToGuess) else { return .ended }
      if line == "s" || line == "skip" { return .skipped }
      guess = Self.guess(line)
      if guess == nil { try Console.line("type a factor above 0 such as 3 or 0.8, or 2-5") }
    }
    var verdict: Verdict?
    while verdict == nil {
      guard let line = try line(QuizText.howToJudge) else { return .ended }
      verdict = Self.verdict(line)
      if verdict == nil { try Console.line("type faster, slower or same") }
    }
    guard let guess, let verdict else { return .ended }
    return .given(
      Quiz.Answer(
        date: Moment.now(), machine: machine, experiment: experiment.id,
        expected: guess.expected, range: guess.range, verdict: verdict, measured: measured,
        measuredVerdict: headline.candidate.verdict))
  }

  private func line(_ prompt: String) throws -> String? {
    try Console.result(prompt)
    return readLine().map { String($0.filter { !$0.isWhitespace }).lowercased() }
  }

  /// `3`, `3x`, `2-5`; nil where it is neither.
  static func guess(_ text: String) -> (expected: Double, range: Interval?)? {
    let plain = text.filter { !"x×".contains($0) }
    let ends = plain.split(omittingEmptySubsequences: false) { "-–…".contains($0) }
      .map { Double($0) }
    guard ends.count <= 2, let low = ends.first ?? nil, let high = ends.last ?? nil, low > 0,
      high >= low, high.isFinite
    else { return nil }
    guard ends.count == 2 else { return (low, nil) }
    // The root of the product, which could overflow.
    let middle = low.squareRoot() * high.squareRoot()
    return (middle, Interval(estimate: middle, low: low, high: high))
  }

  private static func verdict(_ text: String) -> Verdict? {
    let known: [Verdict] = [.faster, .slower, .same]
    return known.first { !text.isEmpty && $0.rawValue.hasPrefix(text) && text != "s" }
  }
}

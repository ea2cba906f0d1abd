import ArgumentParser
import Results

struct QuizCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quiz",
    abstract: "Guess speedups from claim and code, then see what this machine measured.",
    discussion: """
      Each question shows an experiment's claim, diagram and code without its numbers. The answer \
      is a speedup, or a range that you are 80% sure of, and a verdict. Questions that were never \
      asked come first. A quiz that is left early continues the next time. The score says how far \
      you are in each area, and whether you expect too much or too little.
      """)

  @Option(help: "How many questions.")
  var count = 5

  @Option(help: "Seed of the choice (default: random).")
  var seed: UInt64?

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas (default: all).")
  var only: String?

  @Option(help: "The file of your answers (default: ~/.local/share/perflab/quiz.json).")
  var file: String?

  @Flag(help: "Begin a new quiz, whatever was left of the last one.")
  var fresh = false

  @Flag(help: "Show the score alone.")
  var score = false

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let store = QuizFile(path: file)
    if score {
      let quiz = try store.load()
      guard !quiz.answers.isEmpty || quiz.assessments != nil else {
        throw LabError.invalid("there are no answers in \(store.path) yet")
      }
      if !quiz.answers.isEmpty { try QuizSession.show(quiz) }
      for line in AssessmentRecord.lines(of: quiz) { try Console.line(line) }
      return
    }
    guard count >= 1 else { throw LabError.invalid("--count takes 1 or more, not \(count)") }
    guard let stored = try folder.lastResults() else {
      throw LabError.noResults(path: folder.store.folder)
    }
    stored.tellUnreadable()
    let session = try QuizSession(
      stored.results, only: try Selection.patterns(in: only), of: folder.store.path, store: store)
    try session.run(count: count, seed: seed, isFresh: fresh)
  }
}

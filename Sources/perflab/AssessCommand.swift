import ArgumentParser
import Assessment
import Glibc
import Lab
import Platform

struct AssessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assess",
    abstract: "Set one of the curriculum's three challenges as an exercise, or grade its answers.",
    discussion: """
      1: name the bottlenecks of a slow shop from its metrics. 2: plan its growth from 100,000 to a \
      million users. 3: cut a bill of $50,000 a month by 30%. An exercise is a folder with the story, \
      the data and answers.md to fill in; the same seed is the same exercise. --check grades the \
      answers point by point, shows the truth and a model answer, and keeps the grade with the \
      quiz's record.
      """)

  @Argument(help: "1, 2 or 3.")
  var number: Int

  @Option(help: "Seed of the exercise (default: random).")
  var seed: UInt64?

  @Option(help: "The folder for the exercise (default: assessment-NUMBER).")
  var out: String?

  @Option(help: "Grade the answers of this folder.")
  var check: String?

  @Option(help: "The file of your record (default: that of 'quiz').")
  var file: String?

  @Option(help: "Seconds for which the shop of exercise 1 is observed.")
  var seconds = 15.0

  func run() throws {
    guard (1...3).contains(number) else {
      throw CommandFailed("there are the assessments 1, 2 and 3, not \(number)", exitCode: 64)
    }
    guard (2...600).contains(seconds) else {
      throw CommandFailed("--seconds is from 2 to 600", exitCode: 64)
    }
    do {
      if let check { try grade(check) } else { try set() }
    } catch let error as AssessmentError { throw CommandFailed("\(error)") }
  }

  private func set() throws {
    let seed = seed ?? UInt64.random(in: 0..<1 << 32)
    let folder = out ?? "assessment-\(number)"
    func refusal(_ reason: String) -> CommandFailed {
      CommandFailed("\(folder) can't be made: \(reason); --out names another folder")
    }
    guard access(folder, F_OK) != 0 else { throw refusal(SystemError.describe(EEXIST)) }
    // Beside it until it is whole, and gone with this process where that is interrupted.
    let made: ScratchFolder
    do { made = try ScratchFolder(bytes: 0, in: Self.parent(of: folder)) } catch {
      throw refusal(error.reason)
    }
    try fill(made.path, seed)
    guard chmod(made.path, 0o755) == 0, rename(made.path, folder) == 0 else {
      throw refusal(SystemError.describe(errno))
    }
    try Lab.line(
      "\(folder)/story.md says what to do; grade it with "
        + "'\(CommandLine.arguments[0]) assess \(number) --check \(folder)'")
  }

  private static func parent(of path: String) -> String {
    let name = path.reversed().drop { $0 == "/" }.drop { $0 != "/" }
    let parent = String(name.drop { $0 == "/" }.reversed())
    return parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
  }

  private func fill(_ folder: String, _ seed: UInt64) throws {
    let (story, form): (String, String)
    switch number {
    case 1:
      (story, form) = (DiagnosisExercise.story, DiagnosisExercise.form)
      Interrupt.catchSignals()
      try ExaminedShop(DiagnosisExercise(seed: seed).names, seconds: seconds)
        .observe(into: "\(folder)/data")
    case 2:
      (story, form) = (GrowthExercise.story, GrowthExercise.form)
      try TextOutput.write(GrowthExercise(seed: seed).system, to: "\(folder)/system.yaml")
    default:
      (story, form) = (SavingsExercise.story, SavingsExercise.form)
      let bill = SavingsExercise(seed: seed).bill
      try TextOutput.write(bill.focus, to: "\(folder)/bill.csv")
      try TextOutput.write(bill.utilisation, to: "\(folder)/utilisation.csv")
    }
    try TextOutput.write(story, to: "\(folder)/story.md")
    try TextOutput.write(form, to: "\(folder)/answers.md")
    try TextOutput.write("\(number) \(seed)\n", to: "\(folder)/exercise.txt")
  }

  private func text(_ path: String) throws -> String {
    do { return String(decoding: try InputFile.bytes(path), as: UTF8.self) } catch {
      throw CommandFailed("\(error)")
    }
  }

  private func grade(_ folder: String) throws {
    let words = try text("\(folder)/exercise.txt").split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let own = Int(words[0]), let seed = UInt64(words[1]) else {
      throw CommandFailed("\(folder)/exercise.txt is damaged; it holds the number and the seed")
    }
    guard own == number else {
      throw CommandFailed(
        "\(folder) is an exercise of assessment \(own): '\(CommandLine.arguments[0]) assess \(own) "
          + "--check \(folder)'", exitCode: 64)
    }
    let answers = Answers(try text("\(folder)/answers.md"))
    guard !answers.isEmpty else { throw CommandFailed("\(folder)/answers.md has no answers yet") }
    let grade: Grade
    switch number {
    case 1:
      grade = DiagnosisExercise(seed: seed).grade(
        answers, Diagnosis(try Readings(of: ["\(folder)/data"])))
    case 2: grade = try GrowthExercise(seed: seed).grade(answers)
    default:
      let exercise = SavingsExercise(seed: seed)
      let plan = SavingsPlan(
        try Bill(path: "\(folder)/bill.csv"),
        try Utilisation(Array(exercise.bill.utilisation.utf8), named: "utilisation.csv"),
        target: 0.3)
      grade = exercise.grade(answers, plan)
    }
    try Lab.line(String(grade.text.dropLast()))
    let record = try AssessmentRecord.add(
      number: number, seed: seed, points: grade.reached, most: grade.most, to: file)
    Lab.note("\(record.count) graded so far; the best has \(Int(record.best.rounded())) points")
  }
}

import Rendering
import Results

/// What assessments were graded with, beside the answers of quizzes.
public enum AssessmentRecord {
  /// Adds a grade.
  /// - Parameters:
  ///   - number: of the assessment, 1 to 3.
  ///   - path: of the file of answers; nil for the default.
  /// - Returns: the best and the number of grades of this assessment so far, this one included.
  /// - Throws: where the file can't be read or written.
  public static func add(
    number: Int, seed: UInt64, points: Double, most: Double, to path: String?
  ) throws -> (best: Double, count: Int) {
    let store = QuizFile(path: path)
    var quiz = try store.load()
    let grade = Quiz.Graded(
      date: Moment.now(), number: number, seed: seed, points: points, most: most)
    quiz.assessments = (quiz.assessments ?? []) + [grade]
    try store.save(quiz)
    let own = (quiz.assessments ?? []).filter { $0.number == number }
    return (own.map(\.points).max() ?? 0, own.count)
  }

  /// A line for each assessment that was graded.
  static func lines(of quiz: Quiz) -> [String] {
    (1...3).compactMap { number in
      let own = (quiz.assessments ?? []).filter { $0.number == number }
      guard let last = own.last, let best = own.map(\.points).max() else { return nil }
      return
        "assessment \(number): \(Figures.short(last.points)) of \(Figures.short(last.most)) points, "
        + "best \(Figures.short(best)), \(own.count) in all"
    }
  }
}

import Statistics

/// What a person answered in quizzes, and the quiz that is not finished: the content of a file.
public struct Quiz: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  /// Of the file that it was read from, or the current one.
  public var schema: Int
  /// In the order of time.
  public var answers: [Answer]
  /// Nil where the last quiz was finished.
  public var open: Open?
  /// Assessments that were graded, in the order of time; nil for none.
  public var assessments: [Graded]?

  /// An assessment, and what its answers were graded with.
  public struct Graded: Equatable, Sendable, Codable {
    /// ISO 8601, UTC.
    public var date: String
    /// 1 to 3.
    public var number: Int
    /// Of the exercise.
    public var seed: UInt64
    /// Points reached.
    public var points: Double
    /// Points that can be reached.
    public var most: Double

    /// - Parameters:
    ///   - number: of the assessment, 1 to 3.
    ///   - points: reached, at most `most`.
    public init(date: String, number: Int, seed: UInt64, points: Double, most: Double) {
      self.date = date
      self.number = number
      self.seed = seed
      self.points = points
      self.most = most
    }
  }

  /// One question, answered.
  public struct Answer: Equatable, Sendable, Codable {
    /// ISO 8601, UTC.
    public var date: String
    /// Whose results were asked for.
    public var machine: String
    /// `area/name`.
    public var experiment: String
    /// The speedup that was expected; of a range the geometric mean.
    public var expected: Double
    /// Nil where a single number was given.
    public var range: Interval?
    /// The verdict that was expected.
    public var verdict: Verdict
    /// What the machine measured.
    public var measured: Interval
    /// What the machine's verdict was.
    public var measuredVerdict: Verdict

    /// An answer beside what was measured.
    public init(
      date: String, machine: String, experiment: String, expected: Double, range: Interval?,
      verdict: Verdict, measured: Interval, measuredVerdict: Verdict
    ) {
      self.date = date
      self.machine = machine
      self.experiment = experiment
      self.expected = expected
      self.range = range
      self.verdict = verdict
      self.measured = measured
      self.measuredVerdict = measuredVerdict
    }

    /// `memory` of `memory/false-sharing`.
    public var area: String { String(experiment.prefix { $0 != "/" }) }

    /// Expected ÷ measured.
    public var error: Double { expected / measured.estimate }

    /// The factor between both, at least 1.
    public var factor: Double { max(error, 1 / error) }

    /// Whether the measured value lies in the range; nil where none was given.
    public var isInRange: Bool? { range.map { $0.contains(measured.estimate) } }

    /// Whether the verdict was right; nil where nothing was resolved.
    public var isVerdictRight: Bool? {
      switch measuredVerdict {
      case .faster, .slower, .same: verdict == measuredVerdict
      case .unresolved, .skipped: nil
      }
    }
  }

  /// A quiz on its way.
  public struct Open: Equatable, Sendable, Codable {
    /// Whose results are asked for.
    public var machine: String
    /// From which the questions were drawn.
    public var seed: UInt64
    /// How many it has.
    public var count: Int
    /// Ids that are still to be asked, in their order.
    public var left: [String]
  }

  /// Nobody has answered anything.
  public init() {
    schema = Self.currentSchema
    answers = []
  }

  /// Draws questions: those that were never asked first, and of the others those that were asked
  /// longest ago.
  /// - Parameter ids: of the experiments that can be asked for.
  public mutating func begin(_ ids: [String], count: Int, machine: String, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let lastAsked = Dictionary(
      answers.enumerated().filter { $1.machine == machine }.map { ($1.experiment, $0) },
      uniquingKeysWith: max)
    let shuffled = ids.sorted().shuffled(using: &generator).enumerated()
    let ordered = shuffled.sorted {
      (lastAsked[$0.element] ?? -1, $0.offset) < (lastAsked[$1.element] ?? -1, $1.offset)
    }
    let left = ordered.prefix(count).map(\.element)
    open = Open(machine: machine, seed: seed, count: left.count, left: left)
  }

  /// Adds an answer to the open quiz.
  public mutating func add(_ answer: Answer) {
    answers.append(answer)
    skip(answer.experiment)
  }

  /// Takes a question out of the open quiz.
  public mutating func skip(_ id: String) {
    open?.left.removeAll { $0 == id }
    if open?.left.isEmpty == true { open = nil }
  }
}

/// How far answers were from what was measured.
public struct QuizScore: Equatable, Sendable {
  /// What it is of: an area, or all.
  public let name: String
  /// Answers.
  public let count: Int
  /// The median factor between expected and measured.
  public let factor: Double
  /// The geometric mean of expected ÷ measured: above 1 for who expects too much.
  public let bias: Double
  /// Verdicts that were right, of those that were resolved.
  public let verdicts: (right: Int, all: Int)
  /// Ranges that held the measured value, of those that were given.
  public let ranges: (right: Int, all: Int)

  /// Nil without an answer.
  public init?(_ name: String, _ answers: [Quiz.Answer]) {
    guard !answers.isEmpty else { return nil }
    self.name = name
    count = answers.count
    factor = answers.map(\.factor).median()
    bias = exponential(answers.map { naturalLogarithm($0.error) }.mean())
    let (found, ranges) = (answers.compactMap(\.isVerdictRight), answers.compactMap(\.isInRange))
    verdicts = (found.count { $0 }, found.count)
    self.ranges = (ranges.count { $0 }, ranges.count)
  }

  /// Of all answers, of each area, and of the last answers by themselves where there are many.
  public static func all(_ quiz: Quiz) -> [QuizScore] {
    let areas = Set(quiz.answers.map(\.area)).sorted()
    let recent = quiz.answers.count > 10 ? Array(quiz.answers.suffix(10)) : []
    return [QuizScore("all", quiz.answers), QuizScore("last 10", recent)].compactMap(\.self)
      + areas.compactMap { area in QuizScore(area, quiz.answers.filter { $0.area == area }) }
  }

  /// Name, figures and counts.
  public static func == (left: QuizScore, right: QuizScore) -> Bool {
    left.name == right.name && left.count == right.count && left.factor == right.factor
      && left.bias == right.bias && left.verdicts == right.verdicts && left.ranges == right.ranges
  }
}

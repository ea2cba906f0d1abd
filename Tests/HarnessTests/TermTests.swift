import Results
import Statistics
import Testing

@testable import Harness

@Suite("Terms of a model")
struct TermTests {
  private func number(_ name: String, _ value: Double, within share: Double = 0) -> Time {
    .input(
      name, value, low: value / (1 + share), high: value * (1 + share), source: "this machine")
  }

  @Test("arithmetic keeps value and formula together")
  func formulas() {
    let (a, b) = (number("a", 2), number("b", 3))
    let terms: [(Time, Double, String)] = [
      (5 * a + b, 13, "5 × a + b"), (2 * (a + b), 10, "2 × (a + b)"), (a / 4, 0.5, "a ÷ 4"),
      (longest(a, b), 3, "longest of (a, b)"), (shortest(a, b), 2, "least of (a, b)"),
      (a - b, -1, "a − b"), (2 * (3 * a), 12, "6 × a"), ((a / b) * a, 4.0 / 3, "a ÷ b × a"),
      ((1 - a / b) * b, 1, "(1 − a ÷ b) × b"), ((2.5 * a).roundedUp, 5, "⌈2.5 × a⌉"),
      (2 * (a - b) / 2, -1, "a − b"), (a / b * (3 * a), 4, "3 × a ÷ b × a"),
      (0.5 * ((b / a) * (4 * a)), 6, "2 × b ÷ a × a"),
      (Size.exactly(64) / Bandwidth.input("c", 16, source: ""), 4, "64 ÷ c"),
    ]
    for (term, value, formula) in terms {
      #expect(abs(term.value - value) < 1e-12 && term.node.formula == formula)
    }
  }

  @Test("rows add up to the total; what is overlapped is hidden and adds nothing")
  func rows() throws {
    let work = number("a", 2).named("work")
    let wait = number("b", 5).named("waiting", because: "the line is far away")
    let term = 3 * (longest(work, wait) + number("c", 1))
    let rows = term.node.rows(unit: .nanoseconds)
    #expect(rows.map(\.name) == ["work", "waiting", "c"])
    #expect(rows.map(\.value) == [6, 15, 3] && rows.map(\.isHidden) == [true, false, false])
    #expect(rows[1].because == "the line is far away" && rows[1].formula == "3 × b")
    #expect(rows[1].sources.map(\.name) == ["b"])
    #expect(rows.filter { !$0.isHidden }.reduce(0) { $0 + $1.value } == term.value)
  }

  @Test("parts of one name are one row")
  func merging() {
    let term = (1...20).reduce(Time.zero) { $0 + (Double($1) * number("a", 1)).named("levels") }
    let rows = term.node.rows(unit: .nanoseconds)
    #expect(rows.count == 1 && rows[0].value == 210 && rows[0].formula == "a sum of 20 parts")
  }

  @Test("a part that is repeated shows how often")
  func repetition() {
    let single = (1...2).reduce(Time.zero) { sum, _ in sum + number("a", 1).named("lock") }
    let levels = (1...3).reduce(Time.zero) { sum, _ in sum + (5 * number("a", 1)).named("level") }
    let rows = (single + levels).node.rows(unit: .nanoseconds)
    #expect(rows.map(\.formula) == ["2 × a", "3 × (5 × a)"] && rows.map(\.value) == [2, 15])
  }

  @Test("what does not limit is not called overlapped")
  func limits() {
    let term = shortest(number("a", 2).named("processors"), number("b", 5).named("disk"))
    let rows = term.node.rows(unit: .nanoseconds)
    #expect(rows.map(\.name) == ["processors"] && rows[0].value == 2)
  }

  @Test("two numbers of one name and different values keep their values")
  func sameNames() throws {
    let (near, far) = (number("curve at 1 MiB", 2, within: 0.1), number("curve at 1 MiB", 3))
    let speedup = Model(near).speedup(over: Model(far), names: ("b", "a"))
    // 90% where the number has 95%.
    let end = 1.0833
    #expect(abs((speedup.high ?? 0) - 1.5 * end) < 0.01)
    #expect(abs((speedup.low ?? 0) - 1.5 / end) < 0.01)
    #expect((near + far).node.rows(unit: .nanoseconds)[0].sources.map(\.value) == [2, 3])
  }

  @Test("a model that gives nothing, or less, or no number predicts nothing and says so")
  func noPrediction() {
    for value in [0, -1, .infinity, .nan] as [Double] {
      let experiment = Experiment(
        id: "a/b", title: "", slot: "", claim: "", mechanism: "", limits: "", diagram: "",
        sweep: .count("size", [1], smoke: 1), work: { _ in Work() },
        variants: ["before", "after"].map { name in
          Variant(name, shows: [], prepare: { _ in 0 }, run: { $0 })
        }, model: { Model($0.isBaseline ? Time.exactly(1) : Time.exactly(value)) })
      var point = PointResult(
        parameter: Parameter(value: 1, label: "1"), status: .pending,
        candidates: [CandidateResult(name: "after", speedup: nil, verdict: .skipped)])
      _ = experiment.predict(&point, on: anyMachine)
      #expect(point.candidates[0].predicted == nil)
      #expect(point.predictions?.map(\.name) == ["before"])
      #expect(point.warnings.count == 1)
    }
  }

  @Test("an interval that reaches zero is drawn over its whole width")
  func drawsFromZero() {
    let input = TermInput(
      name: "a", estimate: 0.1, low: 0, high: 0.4, unit: .count, source: "planted")
    var generator = SeededGenerator(seed: 7)
    let draws = (0..<10_000).map { _ in input.draw(using: &generator) }
    #expect(abs(draws.median() - 0.1) < 0.005)
    #expect(abs(draws.quantile(0.025)) < 0.02 && abs(draws.quantile(0.975) - 0.4) < 0.02)
  }

  @Test("a formula that nobody would read says how many numbers it has")
  func longFormulas() {
    let term = (1...40).reduce(Time.zero) { $0 + number("number.\($1)", 1) }
    #expect(term.node.formula == "an expression of 40 numbers")
  }

  @Test("a number in both variants cancels in the interval of their ratio")
  func intervals() throws {
    let common = number("a", 2, within: 0.1)
    let (before, after) = (Model(3 * common), Model(common))
    let exact = after.speedup(over: before, names: ("b", "a"))
    #expect(exact.speedup == 3)
    #expect(abs((exact.low ?? 0) - 3) < 1e-12 && abs((exact.high ?? 0) - 3) < 1e-12)
    let other = Model(number("b", 1, within: 0.1))
    let wide = other.speedup(over: Model(common), names: ("b", "a"))
    // ln 1.1 twice in quadrature, and 90% where the numbers have 95%.
    let end = 1.1198
    #expect(abs((wide.high ?? 0) / 2 - end) < 0.01 && abs((wide.low ?? 0) * end / 2 - 1) < 0.01)
  }

  @Test("what models leave out widens an interval, whatever the numbers know")
  func leftOut() throws {
    let (before, after) = (Model(number("a", 6, within: 0.01)), Model(number("b", 2)))
    let timed = after.speedup(over: before, isMeasured: true, names: ("b", "a"))
    let (low, high) = (try #require(timed.low), try #require(timed.high))
    #expect(timed.speedup == 3)
    // Within two standard errors of the ends of 2,000 draws.
    #expect(abs(high / 3 - 1.4) < 0.05 && abs(3 / low - 1.4) < 0.05)
    #expect(timed == after.speedup(over: before, isMeasured: true, names: ("b", "a")))
    let exact = Model(number("a", 6))
    let known = after.speedup(over: exact, isMeasured: true, names: ("b", "a"))
    #expect(known.low == 3 / 1.4 && known.high == 3 * 1.4)
    let counted = after.speedup(over: exact, names: ("b", "a"))
    #expect(counted.low == 3 && counted.high == 3)
  }

  @Test("more is better where the metric says so")
  func direction() {
    let (before, after) = (Model(Ratio.exactly(2)), Model(Ratio.exactly(8)))
    #expect(after.speedup(over: before, lowerIsBetter: false, names: ("b", "a")).speedup == 4)
    #expect(after.speedup(over: before, names: ("b", "a")).speedup == 0.25)
  }

  @Test("the sentence has the terms with their values")
  func sentences() {
    let before = Model((2 * number("a", 600)).named("calls") + number("b", 300).named("work"))
    let after = Model(longest(number("b", 300).named("work"), number("c", 40).named("memory")))
    #expect(
      after.speedup(over: before, names: ("each", "batch")).because
        == "each: calls 1.2 µs + work 300 ns = 1.5 µs; batch: work 300 ns (overlapped: memory 40 ns)."
    )
  }

  @Test("a model's scale follows from what it is the cost of")
  func scales() {
    let term = number("a", 2)
    func scale(_ scope: Model.Scope, _ elements: Double) -> Double? {
      Model(term, per: scope).predicted("v", elements: elements).perMetric
    }
    #expect(scale(.element, 100) == 100 && scale(.element, 0) == 1)
    #expect(scale(.call, 100) == 1 && scale(.metric, 100) == 1 && scale(.relative, 100) == nil)
  }
}

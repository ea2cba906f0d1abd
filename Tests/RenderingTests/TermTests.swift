import Results
import Testing

@testable import Rendering

/// A prediction with terms is shown as what it is made of, beside what was measured.
@Suite struct TermTests {
  private let experiment = Fixtures.byteScan

  @Test("The page has verdict, chart, terms and all points, and no reasoning in sentences")
  func section() {
    let text = PredictionText.render(experiment, chart: "x.svg")
    #expect(
      text.hasPrefix("**Model refuted** at 1 of 3 points: off by more than 25 %, and the predicted")
    )
    #expect(text.contains("The largest error is at 64 MiB: “masks” was predicted to be "))
    #expect(text.contains("\n![Predicted terms](x.svg)\n"))
    #expect(!text.contains("16 lines a cache miss"))
    #expect(text.contains("| 64 MiB | masks | 8.8× (7.9–9.6) | 12.00× "))
  }

  @Test("An overlapped term is shown and not summed")
  func hidden() throws {
    let table = TermTable.render(experiment)
    #expect(table.contains("| **c** bandwidth of L2 | (0.0200 ns) |"))
    #expect(table.contains("A value in brackets overlaps with a longer term"))
    #expect(table.contains("|  | total | **2.10 ns** |  |  |"))
    let chart = try #require(TermChart(experiment))
    let pair = try #require(chart.groups.first?.pairs.first)
    #expect(pair.total == 2.1)
    #expect(pair.parts.filter(\.isHidden).map(\.name) == ["bandwidth of L2"])
  }

  @Test("The source is named where it is not this machine")
  func sources() {
    let table = TermTable.render(experiment)
    #expect(
      table.contains("The numbers were measured on this machine unless a source stands beside"))
    #expect(table.contains("| 0.104 × branch.miss<br>five ends of a record vary |"))
    #expect(table.contains("| branch.miss 8.17 ns |"))
    #expect(table.contains("| read.l2 50.0 GB/s (a data sheet) |"))
    #expect(!table.contains("this machine)"))
  }

  @Test("Bars of a variant share a scale in the unit of its terms")
  func scale() throws {
    let chart = try #require(TermChart(experiment))
    let pairs = chart.groups[0].pairs
    #expect(pairs.map(\.name) == ["byte by byte", "masks"])
    #expect(abs((pairs[0].measured?.estimate ?? 0) - 2.2) < 1e-9)
    #expect(pairs[0].error == "error −4.5 %")
    #expect(chart.groups[0].isScaledApart)
    #expect(chart.subtitle.hasSuffix("; each variant to its own scale"))
  }

  @Test("A chart shows the headline's point, and the one where the model fails most")
  func points() throws {
    let titles = try #require(TermChart(experiment)).groups.map(\.title)
    #expect(titles == ["1 MiB", "64 MiB"])
    var good = experiment
    good.points.removeLast()
    #expect(TermChart(good)?.groups.count == 1)
  }

  @Test("Where only ratios mean something there are shares and no measured bars")
  func relative() throws {
    var relative = experiment
    for point in relative.points.indices {
      for variant in 0..<2 { relative.points[point].predictions?[variant].perMetric = nil }
    }
    let chart = try #require(TermChart(relative))
    #expect(chart.groups[0].pairs.allSatisfy { $0.measured == nil && $0.error.isEmpty })
    #expect(chart.groups[0].pairs.map(\.totalText) == ["100 %", "11 %"])
    #expect(chart.title == "Predicted terms")
    TextBoxes.expectApart(chart.drawing())
  }

  @Test("An interval that overlaps the measured one saves a model, and the page says that it did")
  func saved() {
    var wide = experiment
    wide.account.references = []
    for point in wide.points.indices {
      for candidate in wide.points[point].candidates.indices {
        wide.points[point].candidates[candidate].predicted?.high = 40
      }
    }
    let text = PredictionText.render(wide)
    #expect(
      text.hasPrefix("The model is refuted at none of the 6 values: 4 are within 25 %, 2 are off"))
  }

  @Test("Where terms have a table of their own, the figures have no predictions")
  func figures() {
    #expect(!PointTable.render(experiment).contains("| predicted |"))
    #expect(PointTable.render(Fixtures.aosToSoa).contains("| predicted | error |"))
  }

  @Test("What was predicted and not measured stands among the predictions")
  func pending() {
    var unfinished = experiment
    unfinished.points[2].status = .pending
    unfinished.points[2].variants = []
    for index in unfinished.points[2].candidates.indices {
      unfinished.points[2].candidates[index].speedup = nil
    }
    #expect(
      PredictedTable.render(unfinished).contains("| 64 MiB | masks | 8.8× (7.9–9.6) | – | – |"))
    #expect(!PointTable.render(unfinished).contains("| 64 MiB |"))
  }

  @Test("Results of schema 1 keep their reasoning in sentences")
  func schema1() {
    #expect(TermChart(Fixtures.aosToSoa) == nil)
    #expect(TermTable.render(Fixtures.aosToSoa).isEmpty)
    #expect(PredictionText.render(Fixtures.aosToSoa).contains("\n- 64 MiB: 16 lines"))
  }

  @Test("Letters go on after z")
  func letters() {
    #expect([0, 25, 26, 53].map(TermView.letter) == ["a", "z", "aa", "bb"])
  }
}

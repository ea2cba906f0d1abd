import Results
import Testing

@testable import Rendering

@Suite struct SVGTests {
  static let drawings: [Drawing] = {
    let results = Fixtures.results(Fixtures.all + Fixtures.modelled)
    let index = [IndexCharts.speedups(results), IndexCharts.predictions(results)]
    let pages = results.experiments.flatMap { experiment in
      [
        ExperimentCharts.speedup(experiment, machine: results.machine),
        ExperimentCharts.metric(experiment, machine: results.machine),
        TermChart(experiment)?.drawing(),
      ]
    }
    let numbers = Fixtures.numbersOfALargeMachine
    let series = numbers.series.map {
      NumbersCharts.series($0, machine: numbers.machine, team: numbers.team)
    }
    let trends = results.experiments.compactMap { experiment in
      Trend(experiment, history: Fixtures.history).map { TrendChart.drawing($0, of: experiment) }
    }
    let comparisons = [Fixtures.comparison, Fixtures.comparisonOfThree]
    let compared =
      comparisons.flatMap { $0.pairs.map(ComparisonCharts.ratios) }
      + comparisons.map(ComparisonCharts.sideBySide)
    let large = [8, 16, 128].flatMap { count in
      [nil, Fixtures.team].map {
        NumbersCharts.series(transfers(count), machine: numbers.machine, team: $0)
      }
    }
    return
      (index + pages + trends + compared + series + large + [NumbersCharts.times(numbers)])
      .compactMap { $0 }
  }()

  /// Between each two of so many processors, some of them over 100 ns.
  private static func transfers(_ processors: Int) -> Series {
    var series = Series(
      name: "transfers", title: "Line transfers", method: "half of a round trip, planted",
      x: SeriesAxis("processor", unit: .count), y: SeriesAxis("processor", unit: .count),
      points: [])
    for one in 0..<processors {
      for other in one + 1..<max(processors, one + 1) {
        let time = 60 + Double((one * 7 + other * 13) % 200)
        series.points.append(
          SeriesPoint(
            x: Double(one), y: Double(other),
            quantity: Quantity(
              Interval(estimate: time, low: time, high: time), unit: .nanoseconds)))
      }
    }
    return series
  }

  @Test("A heat map writes its figures where all fit, and always has a scale")
  func heatMaps() throws {
    for (processors, hasFigures) in [(8, true), (16, true), (128, false)] {
      let drawing = try #require(
        NumbersCharts.series(Self.transfers(processors), machine: Fixtures.numbers.machine))
      let texts = TextBoxes.labels(drawing).map(\.text)
      #expect(texts.contains("260 ns") || texts.contains { $0.hasSuffix(" ns") })
      // A cell of over 100 ns has its figure like any other.
      #expect(texts.filter { $0 == "160" }.isEmpty != hasFigures, "\(processors)")
      #expect(drawing.height < 2 * drawing.width)
    }
  }

  @Test("Processors stand by package and node, whatever the order of the team")
  func processors() throws {
    let drawing = try #require(
      NumbersCharts.series(
        Self.transfers(8), machine: Fixtures.numbers.machine,
        team: [(0, 0), (2, 1), (4, 0), (6, 1), (1, 0), (3, 1), (5, 0), (7, 1)].map {
          TeamProcessor(cpu: $0, package: $1, node: $1)
        }))
    let texts = TextBoxes.labels(drawing).map(\.text)
    let order = ["0", "1", "4", "5", "2", "3", "6", "7"]
    #expect(texts.filter(order.contains) == order + order)
    #expect(texts.filter { $0.hasPrefix("package") } == ["package 0, node 0", "package 1, node 1"])
    // 86, 93, 99 and 106 ns between the first two and the others.
    let matrix = try #require(
      ProcessorMatrix(
        Self.transfers(4), (0..<4).map { TeamProcessor(cpu: $0, package: $0 / 2, node: nil) }))
    #expect(matrix.blocks([0, 2]).map(\.value) == [73, 96, 96, 113])
    // A team that is too short does not say which processors are meant.
    #expect(ProcessorMatrix(Self.transfers(8), Array(Fixtures.team.prefix(7))) == nil)
    #expect(ProcessorMatrix(Fixtures.numbers.series[0], Fixtures.team) == nil)
  }

  @Test("An outlier gets no more of an axis than its share")
  func outliers() {
    func plot(_ values: [Double]) -> Drawing {
      let rows = values.enumerated().map { index, value in
        DotPlot.Row(
          label: "row \(index)", value: Interval(estimate: value, low: value, high: value),
          text: Figures.ratio(value), ink: .series(0), mark: .circle)
      }
      return DotPlot(
        title: "t", subtitle: "s", description: "d", format: .ratio,
        groups: [DotPlot.Group(title: "g", rows: rows)], showsUnity: true
      ).drawing()
    }
    let usual = (0..<20).map { 1 + Double($0) / 10 }
    func hasArrow(_ drawing: Drawing) -> Bool {
      func isArrow(_ element: Element) -> Bool {
        switch element {
        case .group(let parts, _): parts.contains(where: isArrow)
        case .path: true
        default: false
        }
      }
      return drawing.elements.contains(where: isArrow)
    }
    #expect(!hasArrow(plot(usual)))
    #expect(hasArrow(plot(usual + [0.01])))
  }

  @Test("Every chart is well-formed XML", arguments: drawings)
  func wellFormed(drawing: Drawing) {
    #expect(XMLChecker.problem(in: SVG.render(drawing)) == nil)
  }

  @Test("The checker notices what is not well-formed")
  func checker() {
    let bad = [
      "<a>", "<a></b>", "<a b=c/>", "<a b=\"1\" b=\"2\"/>", "<a>x & y</a>", "<a/><b/>", "x<a/>",
      "<a>\u{1}</a>",
    ]
    for text in bad { #expect(XMLChecker.problem(in: text) != nil, "\(text)") }
    #expect(XMLChecker.problem(in: "<a b=\"&lt;\">x &amp; y<c/></a>\n") == nil)
  }

  @Test("A chart says what it is to those who do not see it", arguments: drawings)
  func accessible(drawing: Drawing) {
    let svg = SVG.render(drawing)
    #expect(svg.contains("role=\"img\""))
    #expect(svg.contains("<title>\(XML.text(drawing.title))</title>"))
    #expect(drawing.description.count > 20)
    #expect(svg.contains("prefers-color-scheme:dark"))
  }

  @Test("No two texts of a chart overlap, and none leaves the picture", arguments: drawings)
  func apart(drawing: Drawing) { TextBoxes.expectApart(drawing) }

  @Test("Nothing is written too small to be read on a phone", arguments: drawings)
  func readable(drawing: Drawing) {
    let least = TextBoxes.labels(drawing).map(\.size).min() ?? 0
    // Pixels on a screen 360 wide with a margin of 16 on either side.
    #expect(least * 328 / drawing.width >= 9)
  }

  @Test("Colours of text and series stand out from the surface, in light and in dark")
  func contrast() {
    let inks: [Ink] = [.text, .muted, .baseline] + (0..<6).map { .series($0) }
    let surface = Theme.colour(.surface)
    for ink in inks {
      let colour = Theme.colour(ink)
      #expect(ratio(colour.light, surface.light) >= 4.5, "\(ink) in light")
      #expect(ratio(colour.dark, surface.dark) >= 4.5, "\(ink) in dark")
    }
  }

  /// WCAG 2.2's contrast ratio, with a gamma of 2.2 in place of sRGB's curve: within 2%.
  private func ratio(_ a: String, _ b: String) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  private func luminance(_ hex: String) -> Double {
    let value = Int(hex.dropFirst(), radix: 16) ?? 0
    let parts = [value >> 16, value >> 8 & 255, value & 255].map { part in
      part == 0 ? 0 : exp2(2.2 * log2(Double(part) / 255))
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  @Test("Special characters are escaped")
  func escaping() {
    #expect(XML.text("a < b & c > d") == "a &lt; b &amp; c &gt; d")
    #expect(XML.attribute("\"ä|ö\"") == "&quot;ä|ö&quot;")
    #expect(XML.text("\u{0}\u{1b}\u{FFFF}") == "\u{FFFD}\u{FFFD}\u{FFFD}")
  }
}

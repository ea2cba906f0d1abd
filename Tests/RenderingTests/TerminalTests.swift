import Results
import Testing

@testable import Rendering

@Suite struct TerminalTests {
  private func table() -> TerminalTable {
    var table = TerminalTable([
      .init("name", shrinksTo: 6), .init("value", alignsRight: true), .init("verdict"),
    ])
    table.add([.init("größer"), .init("1.5×"), .init("faster", .good)])
    table.add([.init("漢字 wide name"), .init("12×"), .init("slower", .bad)])
    return table
  }

  @Test("Columns are aligned by what shows, not by characters")
  func aligned() {
    #expect(
      table().render(width: 80, colour: false) == """
        name            value  verdict
        größer           1.5×  faster
        漢字 wide name    12×  slower

        """)
  }

  @Test("Colour changes nothing but the codes")
  func colour() {
    let coloured = table().render(width: 80, colour: true)
    #expect(coloured.contains("\u{1b}[32mfaster\u{1b}[0m"))
    var plain = coloured
    for code in ["1", "31", "32", "0"] { plain = plain.replacing("\u{1b}[\(code)m", with: "") }
    #expect(plain == table().render(width: 80, colour: false))
  }

  @Test("What may shrink shrinks; where nothing fits, rows become lists")
  func narrow() {
    #expect(
      table().render(width: 26, colour: false)
        == """
        name         value  verdict
        größer        1.5×  faster
        漢字 wide…     12×  slower

        """.replacing("name         ", with: "name        ")
        .replacing("größer        ", with: "größer       ")
        .replacing("漢字 wide…     ", with: "漢字 wide…    "))
    #expect(
      table().render(width: 16, colour: false).hasPrefix("größer\n  value    1.5×\n"))
  }

  @Test("A list's long cells go on in the next line")
  func wrapped() {
    var table = TerminalTable([.init("name"), .init("verdict", shrinksTo: 16)])
    table.add([.init("experiments/of-a-long-name"), .init("faster 3.01× (2.92–3.06) at 64")])
    #expect(
      table.render(width: 30, colour: false) == """
        experiments/of-a-long-name
          verdict  faster 3.01×
                   (2.92–3.06) at 64

        """)
  }

  @Test("No line is wider than the terminal", arguments: [30, 40, 60, 80, 120])
  func widths(width: Int) {
    let tables =
      [ResultTable.experiments(Fixtures.all, width: width, colour: false)]
      + Fixtures.all.map { ResultTable.points($0, width: width, colour: false) }
    for line in tables.joined().split(separator: "\n") {
      #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
    }
  }

  @Test("Without an end of columns nothing is cut")
  func endless() {
    let text = ResultTable.experiments(Fixtures.all, width: .max, colour: false)
    #expect(!text.contains("…"))
    #expect(text.contains("worker killed by SIGSEGV: `Fatal error: index | out of range`"))
  }

  @Test("A comparison says what differs, in which direction, and what can be compared")
  func comparison() {
    let text = ComparisonTable.render(Fixtures.comparison, width: .max, colour: false)
    #expect(text.hasPrefix("after against before\nThe same machine and toolchain"))
    #expect(text.contains("1 larger"))
    let three = ComparisonTable.render(Fixtures.comparisonOfThree, width: 60, colour: false)
    #expect(three.contains("acht <Kerne> against before\nDifferent machines"))
    #expect(!text.contains("\u{1b}"))
  }

  @Test("Text from a file cannot steer the terminal")
  func control() {
    var table = TerminalTable([.init("a")])
    table.add([.init("x\u{1b}[2Jy\nz")])
    #expect(table.render(width: 20, colour: false) == "a\nx [2Jy z\n")
  }

  @Test("Wide, combining and plain characters have their widths")
  func displayWidth() {
    #expect(DisplayWidth.of("×–µä") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("漢🚀") == 4)
    #expect(DisplayWidth.truncated("漢字漢字", to: 6) == "漢字…")
    #expect(DisplayWidth.truncated("abc", to: 0) == "")
  }

  @Test("The progress line says percent, place and time left, and fits")
  func progress() {
    var state = ProgressState(
      experiment: "memory/aos-to-soa", point: "4 MiB", fraction: 0.254, secondsLeft: 80.2)
    #expect(
      ProgressLine.render(state, width: 80)
        == " 25 %  memory/aos-to-soa · 4 MiB  1 min 20 s left")
    #expect(ProgressLine.render(state, width: 40) == " 25 %  memory/aos-to-s…  1 min 20 s left")
    #expect(ProgressLine.render(state, width: 20) == " 25 %  memory/aos-t…")
    for width in 0...60 {
      #expect(DisplayWidth.of(ProgressLine.render(state, width: width)) <= width)
    }
    state.fraction = 0.999
    state.secondsLeft = nil
    state.point = ""
    #expect(ProgressLine.render(state, width: 80) == " 99 %  memory/aos-to-soa")
    state.fraction = .nan
    #expect(ProgressLine.render(state, width: 80) == "  0 %  memory/aos-to-soa")
  }
}

import Results
import Testing

@testable import Rendering

@Suite struct MarkdownTests {
  @Test("Time is told for what the work counts")
  func whatTimeIsTold() throws {
    var experiment = try #require(Fixtures.results().experiments.first { !$0.points.isEmpty })
    let page = { ExperimentPage.render(experiment, of: Fixtures.results()) }
    #expect(page().contains("\nTime per element, lower is better."))
    for index in experiment.points.indices { experiment.points[index].work.each = "record" }
    #expect(page().contains("\nTime per record, lower is better."))
  }

  @Test("The same results give the same bytes, however they were built")
  func sameBytes() throws {
    var turned = Fixtures.results()
    for index in turned.experiments.indices {
      for point in turned.experiments[index].points.indices {
        // A dictionary's order depends on its history.
        var discarded: [String: Int] = [:]
        for name in ["z", "y", "x", "migrated", "preempted"] { discarded[name] = 1 }
        for name in ["z", "y", "x"] { discarded[name] = nil }
        discarded["migrated"] = 0
        discarded["preempted"] = 3
        turned.experiments[index].points[point].discarded = discarded
      }
    }
    var straight = turned
    for index in straight.experiments.indices {
      for point in straight.experiments[index].points.indices {
        straight.experiments[index].points[point].discarded = ["preempted": 3, "migrated": 0]
      }
    }
    #expect(PageSet.render(straight) == PageSet.render(turned))
  }

  @Test("What an earlier run measured says so, on the index and on its own page")
  func earlierRuns() {
    var results = Fixtures.results()
    #expect(!IndexPage.render(results).contains("Kept from earlier runs"))
    var earlier = results.run
    earlier.started = "2025-02-03T04:05:06Z"
    earlier.preset = "thorough"
    results.experiments[0].run = earlier
    let id = results.experiments[0].id
    #expect(
      IndexPage.render(results).contains("Kept from earlier runs, each as its page says: [\(id)]"))
    let pages = PageSet.render(results).map(\.contents).filter {
      $0.contains("started 2025-02-03T04:05:06Z")
    }
    #expect(pages.count == 1)
    #expect(pages.first?.contains("Preset `thorough`") == true)
  }

  @Test("Plain text cannot become markup")
  func text() {
    #expect(
      Markdown.text("a|b <c> & *d* [e](f) `g` ~h~ $i$")
        == "a\\|b &lt;c&gt; &amp; \\*d\\* \\[e\\](f) \\`g\\` \\~h\\~ \\$i\\$")
    #expect(Markdown.text("perf_event_open _x_") == "perf_event_open \\_x\\_")
    #expect(Markdown.text("Größe\nhier") == "Größe hier")
  }

  @Test("Prose keeps its Markdown and loses its HTML")
  func prose() {
    #expect(Markdown.prose("*a* `b<c>` <d> ``e`<f>``") == "*a* `b<c>` &lt;d> ``e`<f>``")
    #expect(Markdown.prose("open ` tick <b>") == "open ` tick &lt;b>")
  }

  @Test("Code keeps its backticks")
  func code() {
    #expect(Markdown.code("a`b") == "``a`b``")
    #expect(Markdown.code("`a`") == "`` `a` ``")
    #expect(Markdown.cellCode("a | b") == "`a \\| b`")
    #expect(Markdown.fenced("x\n````\ny", language: "swift") == "`````swift\nx\n````\ny\n`````\n")
  }

  @Test("Every row of a table has as many cells as its heading")
  func tables() {
    for file in Fixtures.files() where file.path.hasSuffix(".md") {
      EvenTables.expect(file)
    }
  }

  @Test("Every relative link leads to a file of the set")
  func links() {
    let files = Fixtures.files()
    let paths = Set(files.map(\.path))
    for file in files where file.path.hasSuffix(".md") {
      let folder = file.path.contains("/") ? String(file.path.prefix { $0 != "/" }) + "/" : ""
      for part in file.contents.replacing("\\](", with: "").components(between: "](", and: ")") {
        let target = part.hasPrefix("../") ? String(part.dropFirst(3)) : folder + part
        #expect(paths.contains(target), "\(file.path) links to \(part)")
      }
    }
  }

  @Test("A path never leaves the folder, whatever the id")
  func paths() {
    var result = Fixtures.numa
    result.id = "../../etc/pass wd"
    #expect(PagePath(result).page == "--/---etc-pass-wd.md")
    result.id = ""
    #expect(PagePath(result).page == "unnamed/unnamed.md")
  }

  @Test("Names in the table of sources are escaped as HTML, not as Markdown")
  func sources() {
    var result = Fixtures.aosToSoa
    let names = ["a_b* <c>", "d & e"]
    for index in names.indices {
      let old = result.account.sources[index].variant
      result.account.sources[index].variant = names[index]
      for point in result.points.indices {
        for variant in result.points[point].variants.indices
        where result.points[point].variants[variant].name == old {
          result.points[point].variants[variant].name = names[index]
        }
      }
    }
    let text = SourceBlock.render(result)
    #expect(text.contains("<th>before: “a_b* &lt;c&gt;”</th>"))
    #expect(text.contains("<th>after: “d &amp; e”</th>"))
  }

  @Test("In a diagram known places are filled and escaped, Mermaid's own braces stay")
  func diagram() {
    let filled = DiagramBlock.filled(
      "A{choice} --> B[{x}] --> C{{six}} {x", ["x": "1 (a|b) \"c\""])
    #expect(filled == "A{choice} --> B[1 #40;a#124;b#41; #34;c#34;] --> C{{six}} {x")
  }

  @Test("An answer always carries its verdict")
  func answers() {
    let finding = Fixtures.all.map { Answer.plain($0).split(separator: ".")[0] }
    let words = ["faster", "slower", "same", "unresolved", "better", "worse", "Skipped", "Failed"]
    for text in finding { #expect(words.contains { text.contains($0) }, "\(text)") }
  }

  @Test("A prediction off by more than a quarter is called refuted")
  func refuted() {
    let text = PredictionText.render(Fixtures.aosToSoa)
    #expect(text.contains("**Model refuted** at 1 of 4"))
    #expect(text.contains("\n- 64 MiB: "))
    #expect(PredictionSummary(Fixtures.results([Fixtures.aosToSoa])).shareWithin == 0.75)
  }
}

extension String {
  fileprivate func components(between start: String, and end: String) -> [String] {
    split(separator: start, omittingEmptySubsequences: false).dropFirst().compactMap {
      $0.split(separator: end, omittingEmptySubsequences: false).first.map(String.init)
    }
  }
}

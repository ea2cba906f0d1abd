import Foundation
import Results
import Testing

@testable import Rendering

/// All pages in one file.
@Suite struct SiteTests {
  static func files(_ results: Results) -> [PageSet.File] {
    PageSet.render(results, with: PageInputs(calibration: Fixtures.calibration))
      + PageSet.render(Fixtures.numbers)
      + CalibrationPage.files(Fixtures.calibration)
  }

  static func site(_ experiments: [ExperimentResult] = Fixtures.all) -> String {
    var results = Fixtures.results(experiments)
    results.machine.numbers = Fixtures.numbers.byName
    return Site.render(
      files(results), atlas: Atlas(catalog: AtlasTests.catalog, results: results),
      name: "box </title>")
  }

  private func all(_ pattern: String, in text: String) throws -> [String] {
    try text.matches(of: Regex("\(pattern)=\"([^\"]*)\"")).compactMap {
      $0.output[1].substring.map(String.init)
    }
  }

  @Test("The same pages give the same bytes")
  func deterministic() {
    #expect(Self.site() == Self.site())
  }

  @Test("Every link leads somewhere, and every place is named once")
  func links() throws {
    let site = Self.site()
    let ids = try all(" id", in: site)
    #expect(Set(ids).count == ids.count)
    let targets = try all("href", in: site).filter { $0.hasPrefix("#") }
    #expect(targets.count > 50)
    for target in targets { #expect(ids.contains(String(target.dropFirst())), "\(target)") }
    for page in ["overview", "numbers", "calibration", "atlas", "memory/false-sharing"] {
      #expect(ids.contains(page))
    }
  }

  @Test("Nothing is fetched")
  func selfContained() throws {
    let site = Self.site()
    #expect(!site.contains("<img") && !site.contains("@import") && !site.contains("url("))
    #expect(try all("src", in: site).isEmpty)
    let links = try all("href", in: site).filter { !$0.hasPrefix("#") }
    #expect(links == ["data:,"])
  }

  @Test("Every chart of the pages is in it")
  func charts() {
    let site = Self.site()
    let charts = Self.files(Fixtures.results()).filter { $0.path.hasSuffix(".svg") }
    #expect(site.components(separatedBy: "<figure class=\"chart\">").count - 1 == charts.count)
    #expect(site.contains("<figure class=\"diagram"))
  }

  @Test("What names and reasons say stays text")
  func escapes() throws {
    var bad = Fixtures.falseSharing
    bad.title = "<script>alert(1)</script> & \"q\" [x](javascript:alert(1))"
    bad.account.claim = "<img src=x onerror=alert(1)> [y](javascript:alert(2)) <b>bold</b>"
    bad.account.diagram = "flowchart LR\n  a[\"<script>alert(3)</script>\"] --> b"
    var failed = Fixtures.crashed
    failed.reason = "<script>alert(4)</script>\n</section>"
    let site = Self.site([bad, failed])
    let plain = Self.site([Fixtures.falseSharing, Fixtures.crashed])
    func count(_ text: String, _ site: String) -> Int {
      site.components(separatedBy: text).count
    }
    for tag in ["<script", "</section>", "<img", "<b>", "javascript:alert(1)\"", "</title>"] {
      #expect(count(tag, site) == count(tag, plain), "\(tag)")
    }
    #expect(!site.contains("href=\"javascript"))
    #expect(!site.contains("box </title>"))
  }

  @Test("The map has every slot, and a link for what was run")
  func map() {
    let atlas = Atlas(catalog: AtlasTests.catalog, results: Fixtures.results())
    let map = AtlasMap.render(atlas) { "#" + $0 }
    #expect(map.components(separatedBy: "class=\"slot open\"").count - 1 == 278 + 1)
    #expect(map.contains("<a class=\"slot faster\""))
    #expect(map.contains("href=\"#memory/aos-to-soa.md\""))
  }

  @Test("Relative paths are followed from page to page")
  func paths() {
    #expect(SitePage.resolve("../README.md", from: "memory/x.md") == "README.md")
    #expect(SitePage.resolve("x-speedup.svg", from: "memory/x.md") == "memory/x-speedup.svg")
    #expect(SitePage.resolve("cpu/a.md", from: "README.md") == "cpu/a.md")
    #expect(SitePage.slug("When it does not help?") == "when-it-does-not-help")
  }

  @Test("What can't be drawn is shown as it was written")
  func undrawn() {
    var other = Fixtures.falseSharing
    other.account.diagram = "sequenceDiagram\n  a->>b: c"
    #expect(Self.site([other]).contains("<code class=\"language-mermaid\">sequenceDiagram\n"))
  }
}

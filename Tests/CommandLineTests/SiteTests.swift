import Foundation
import Testing

/// The site in one file, as a reader uses it in a browser.
@Suite(.serialized, .enabled(if: Browser.path != nil, "\(Browser.absence)"))
struct SiteTests {
  /// Made once of the example's reports.
  private static let site: Result<URL, any Error> = Result {
    let folder = try Perflab.scratch()
    let reports = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Reports").standardizedFileURL
    try FileManager.default.copyItem(at: reports, to: folder.appending(path: "Reports"))
    let name = try FileManager.default.contentsOfDirectory(atPath: reports.path()).sorted()[0]
    let outcome = try Perflab.run(["report", "--html", "--machine", name], in: folder)
    guard outcome.code == 0 else { throw Browser.Refused(reason: outcome.err) }
    return folder.appending(path: "Reports/\(name)/index.html")
  }

  nonisolated(unsafe) private static let shared: Result<Browser, any Error> = Result {
    let browser = try Browser()
    // Before the folder with its profile goes.
    atexit { try? SiteTests.shared.get().close() }
    return browser
  }

  private let browser: Browser
  private let url: String

  init() throws {
    browser = try Self.shared.get()
    url = try Self.site.get().absoluteString
    try browser.command("Emulation.clearDeviceMetricsOverride")
    try browser.command("Emulation.setScriptExecutionDisabled", ["value": false])
    try browser.command("Emulation.setEmulatedMedia", ["media": "", "features": []])
  }

  private static let visible =
    "[...document.querySelectorAll('.page')]"
    + ".filter(page=>page.offsetHeight>0).map(page=>page.id).join()"
  private static let rows = "document.querySelectorAll('.experiments tbody tr:not([hidden])')"

  @Test func opensOnTheOverviewAndFetchesNothing() throws {
    try browser.open(url)
    #expect(try browser.text(Self.visible) == "overview")
    #expect(try browser.text("document.title").hasPrefix("perflab on "))
    #expect(browser.complaints == [])
    let files = browser.events.filter { $0.method == "Network.requestWillBeSent" }.compactMap {
      ($0.params["request"] as? [String: Any])?["url"] as? String
    }
    #expect(files.allSatisfy { $0 == url || $0.hasPrefix("data:") }, "\(files)")
  }

  @Test func aSlashSearchesAndTheListsNarrow() throws {
    try browser.open(url + "#numbers")
    let all = try browser.number("\(Self.rows).length")
    try browser.press("/", code: 191, text: "/")
    #expect(try browser.text(Self.visible) == "overview")
    #expect(try browser.text("document.activeElement.id") == "search")
    try browser.command("Input.insertText", ["text": "cache LINE"])
    let found = try browser.number("\(Self.rows).length")
    #expect(found > 0 && found < all)
    #expect(
      try browser.text("document.getElementById('count').textContent")
        == "\(Int(found)) of \(Int(all))")
    try browser.press("Escape", code: 27)
    #expect(try browser.number("\(Self.rows).length") == all)
    let choose = { (list: String, value: String) in
      """
      {const list=document.getElementById('\(list)');list.value='\(value)';
      list.dispatchEvent(new Event('input',{bubbles:true}));}
      """
    }
    try browser.evaluate(choose("area", "memory"))
    try browser.evaluate(choose("verdict", "faster"))
    let links = try browser.text("[...\(Self.rows)].map(row=>row.querySelector('a').hash).join()")
    #expect(!links.isEmpty && links.split(separator: ",").allSatisfy { $0.hasPrefix("#memory/") })
    let verdicts = try browser.text(
      "[...new Set([...\(Self.rows)].map(row=>row.cells[3].textContent))].join()")
    #expect(verdicts == "faster")
    #expect(browser.complaints == [])
  }

  @Test func aHeadingSortsAndTheThirdPressRestores() throws {
    try browser.open(url)
    let order = "[...\(Self.rows)].map(row=>parseFloat(row.cells[2].textContent)).filter(x=>x===x)"
    let press = "document.querySelectorAll('.experiments th button')[2].click()"
    let first = try browser.text("\(order).join()")
    try browser.evaluate(press)
    let down = try #require(try browser.evaluate(order) as? [Double])
    #expect(down.count > 5 && down == down.sorted(by: >))
    #expect(
      try browser.text("document.querySelectorAll('.experiments th')[2].ariaSort") == "descending")
    try browser.evaluate(press)
    #expect(try browser.evaluate(order) as? [Double] == down.sorted())
    try browser.evaluate(press)
    #expect(try browser.text("\(order).join()") == first)
  }

  @Test func everyPageHasAnAddressAndTheWayBackLeadsBack() throws {
    try browser.open(url + "#memory/false-sharing")
    #expect(try browser.text(Self.visible) == "memory/false-sharing")
    #expect(try browser.number("scrollY") == 0)
    try browser.open(url)
    try browser.evaluate("scrollTo(0,1200)")
    try browser.settle()
    try browser.evaluate("\(Self.rows)[20].querySelector('a').click()")
    #expect(try browser.holds("!document.getElementById('overview').offsetHeight"))
    #expect(try browser.text(Self.visible) == browser.text("location.hash.slice(1)"))
    #expect(try browser.text("document.activeElement.tagName") == "H1")
    try browser.evaluate("history.back()")
    #expect(try browser.holds("document.getElementById('overview').offsetHeight&&scrollY===1200"))
    try browser.open(url + "#overview/conditions")
    #expect(try browser.text(Self.visible) == "overview")
    #expect(try browser.number("scrollY") > 0)
    try browser.open(url + "#no/such-page")
    #expect(try browser.text(Self.visible) == "overview")
  }

  @Test func darkFollowsTheSystemAndTheReader() throws {
    let colour = "getComputedStyle(document.body).backgroundColor"
    let chart = "getComputedStyle(document.querySelector('.chart .f-text')).fill"
    let dark = ["features": [["name": "prefers-color-scheme", "value": "dark"]]]
    try browser.open(url)
    try browser.evaluate("localStorage.clear()")
    try browser.open(url)
    #expect(try browser.text(colour) == "rgb(255, 255, 255)")
    let ink = try browser.text(chart)
    try browser.command("Emulation.setEmulatedMedia", dark)
    #expect(try browser.text(colour) == "rgb(13, 17, 23)")
    #expect(try browser.text(chart) != ink)
    try browser.evaluate("document.getElementById('theme').click()")
    #expect(try browser.text(colour) == "rgb(255, 255, 255)")
    try browser.open(url)
    #expect(try browser.text(colour) == "rgb(255, 255, 255)")
    #expect(try browser.text("document.getElementById('theme').textContent") == "Dark")
    try browser.evaluate("localStorage.clear()")
  }

  @Test func theKeyboardReachesEverythingAndShowsWhere() throws {
    try browser.open(url)
    try browser.press("Tab", code: 9)
    #expect(try browser.text("document.activeElement.className") == "skip")
    #expect(try browser.number("document.activeElement.getBoundingClientRect().left") >= 0)
    try browser.press("Enter", code: 13, text: "\r")
    #expect(try browser.text("document.activeElement.id") == "content")
    #expect(try browser.text("location.hash") == "")
    try browser.open(url + "#memory/false-sharing")
    try browser.press("Tab", code: 9)
    #expect(try browser.text("document.activeElement.tagName") == "svg")
    #expect(try browser.text("getComputedStyle(document.activeElement).outlineStyle") == "solid")
    let tip = "document.getElementById('tip').textContent"
    let first = try browser.text(tip)
    #expect(first.contains("×"))
    try browser.press("ArrowRight", code: 39)
    #expect(try !["", first].contains(browser.text(tip)))
    try browser.press("Escape", code: 27)
    #expect(try browser.text(tip) == "")
    // How many tables scroll, and so are stops, depends on the fonts.
    let kind = "document.activeElement.className||document.activeElement.rel||''"
    var passed: [String] = []
    while passed.last != "next", passed.count < 60 {
      try browser.press("Tab", code: 9)
      passed.append(try browser.text(kind))
    }
    #expect(passed.contains("scroll") && passed.last == "next")
  }

  @Test func aPointerOnAChartReadsItsValues() throws {
    try browser.open(url)
    try browser.evaluate("document.querySelector('.chart svg').scrollIntoView()")
    try browser.settle()
    let group = "document.querySelectorAll('.chart g[data-tip]')[3]"
    let marks = "[...\(group).querySelectorAll('rect,path')].at(-1).getBoundingClientRect()"
    let x = try browser.number("(box=>box.x+box.width/2)(\(marks))")
    let y = try browser.number("(box=>box.y+box.height/2)(\(marks))")
    try browser.command("Input.dispatchMouseEvent", ["type": "mouseMoved", "x": x, "y": y])
    let tip = "document.getElementById('tip').textContent"
    #expect(try browser.holds("\(tip)&&\(tip)===\(group).dataset.tip"))
  }

  @Test func noPageIsWiderThanAPhone() throws {
    try browser.command(
      "Emulation.setDeviceMetricsOverride",
      ["width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true])
    try browser.open(url)
    let wide = try browser.text(
      """
      [...document.querySelectorAll('.page')].filter(page=>{
      document.querySelector('.page.on').classList.remove('on');page.classList.add('on');
      return document.documentElement.scrollWidth>360||innerWidth>360}).map(page=>page.id).join()
      """)
    #expect(wide == "")
    let words =
      "[...document.querySelectorAll('.diagram.narrow text')]"
      + ".every(text=>getComputedStyle(text.closest('figure')).display!=='none')"
    #expect(try browser.evaluate(words) as? Bool == true)
  }

  @Test func withoutAScriptItIsOneLongPage() throws {
    try browser.command("Emulation.setScriptExecutionDisabled", ["value": true])
    try browser.open(url)
    let pages = try browser.number("document.querySelectorAll('.page').length")
    #expect(try browser.text(Self.visible).split(separator: ",").count == Int(pages))
    #expect(try browser.number("document.querySelector('.filter').offsetHeight") == 0)
    #expect(try browser.number("document.getElementById('theme').offsetHeight") == 0)
    try browser.command("Emulation.setScriptExecutionDisabled", ["value": false])
  }

  @Test func onPaperThereAreNoControlsAndNoDarkness() throws {
    try browser.command(
      "Emulation.setEmulatedMedia",
      ["media": "print", "features": [["name": "prefers-color-scheme", "value": "dark"]]])
    try browser.open(url + "#memory/false-sharing")
    #expect(try browser.number("document.querySelector('header').offsetHeight") == 0)
    #expect(
      try browser.text("getComputedStyle(document.querySelector('.f-text')).fill")
        == "rgb(31, 35, 40)")
    #expect(try browser.text(Self.visible) == "memory/false-sharing")
  }
}

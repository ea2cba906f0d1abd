import Results
import Testing

@testable import Rendering

@Suite("Flame graphs")
struct FlameTests {
  @Test("A function is as wide as its share, and what it calls lies on it")
  func widths() throws {
    let profile = Fixtures.profiles.profiles[0]
    let drawing = try #require(FlameGraph.drawing(profile, of: "a/b", axis: "n"))
    let boxes = Self.boxes(drawing)
    let all = try #require(boxes["all"])
    #expect(abs(all.width + 1 - Layout.inner) < 0.01)
    for (name, box) in boxes where name != "all" {
      let share = profile.share(of: name).total
      #expect(abs(box.width + 1 - share * Layout.inner) < 0.01, "\(name)")
    }
    let handle = try #require(boxes["CPUBenchmarks.handle"])
    let parse = try #require(boxes["CPUBenchmarks.parse"])
    #expect(parse.y < handle.y && parse.x >= handle.x)
    #expect(parse.x + parse.width <= handle.x + handle.width)
    // One stack of many thousands has no pixel of its own.
    #expect(boxes["rare"] == nil)
  }

  @Test("Each function says its name and share to a pointer; texts are apart and legible")
  func hover() throws {
    for profile in Fixtures.profiles.profiles {
      let drawing = try #require(FlameGraph.drawing(profile, of: "a/b", axis: "n"))
      TextBoxes.expectApart(drawing)
      let svg = SVG.render(drawing)
      #expect(XMLChecker.problem(in: svg) == nil)
      #expect(svg.contains("<title>CPUBenchmarks.handle: "))
      #expect(svg.contains("prefers-color-scheme:dark"))
    }
  }

  @Test("Folded stacks are a line each, whatever the names hold")
  func folded() {
    let profile = Profile(
      variant: "v", parameter: Parameter(value: 1, label: "1"), clock: "SIGPROF", period: 1,
      lost: 0, calls: 1, seconds: 1,
      stacks: [
        .init(frames: ["main", "a;b\nc"], count: 3), .init(frames: ["main", "a"], count: 12),
      ])
    #expect(FoldedStacks.text(profile) == "main;a 12\nmain;a,b c 3\n")
  }

  @Test("Nothing is drawn of no stacks, and a page without profiles says nothing of them")
  func nothing() {
    let empty = Profile(
      variant: "v", parameter: Parameter(value: 1, label: "1"), clock: "SIGPROF", period: 1,
      lost: 0, calls: 1, seconds: 1, stacks: [])
    #expect(FlameGraph.drawing(empty, of: "a/b", axis: "n") == nil)
    let section = FlameSection.render(
      ProfileSet(id: "a/b", profiles: [empty]), experiment: Fixtures.dotProduct
    ) { $0 }
    #expect(section.isEmpty)
    #expect(FlameSection.render(nil, experiment: Fixtures.dotProduct) { $0 }.isEmpty)
  }

  private struct Box {
    var x: Double
    var y: Double
    var width: Double
  }

  /// By the function's name.
  private static func boxes(_ drawing: Drawing) -> [String: Box] {
    var boxes: [String: Box] = [:]
    for case .group(let parts, let title?) in drawing.elements {
      guard case .rectangle(let origin, let width, _, _, _, _)? = parts.first else { continue }
      let name = title.split(separator: ":").first.map(String.init) ?? ""
      boxes[name] = Box(x: origin.x, y: origin.y, width: width)
    }
    return boxes
  }
}

import Rendering
import Results

/// Where a comparison's page lies, and what is written there.
struct ComparisonFile {
  /// Of the page.
  let path: String

  /// - Parameter out: as it was typed; nil for a name made from the first two sides.
  init(_ out: String?, sides: [Comparison.Side]) throws(LabError) {
    if let out {
      guard out.hasSuffix(".md"), !Files.isFolder(out) else {
        throw .invalid("--out takes a Markdown file such as comparison.md, not '\(out)'")
      }
      path = out
    } else {
      let names = sides.prefix(2).map { side in
        String(side.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
      }
      path = "Reports/comparisons/\(names.joined(separator: "-and-")).md"
    }
  }

  private var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return String(path[..<slash])
  }

  private var stem: String {
    let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    return String(name.dropLast(".md".count))
  }

  func write(_ comparison: Comparison, gate: Gate?, inputs: [ComparedInput]) throws(LabError) {
    let files = ComparisonPage.files(comparison, gate: gate, stem: stem) { side, page in
      guard let folder = inputs[side].folder, Files.exists(folder + "/" + page) else { return nil }
      return RelativePath.link(from: path, to: folder + "/" + page)
    }
    for file in files { try Files.write(file.contents, to: folder + "/" + file.path) }
  }

  /// What was measured again, as results that can be compared themselves.
  func write(_ again: Results) throws(LabError) {
    try StoredJSON.save(again, to: "\(folder)/\(stem)-again.json")
  }
}

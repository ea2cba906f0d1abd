/// Reads Mermaid's flowcharts: nodes, frames, arrows and their labels. Styles are passed over, since
/// the page has its own.
///
/// https://mermaid.js.org/syntax/flowchart.html
struct FlowchartReader {
  /// Frames that are open, the whole drawing first.
  private var open: [Flowchart.Group] = [Flowchart.Group()]
  private var edges: [Flowchart.Edge] = []
  private var known: Set<String> = []

  /// Nil where anything is not understood: a drawing is whole or not drawn.
  static func read(_ mermaid: String) -> Flowchart? {
    var reader = FlowchartReader()
    var isBegun = false
    for line in mermaid.split(whereSeparator: { $0.isNewline }) {
      var words = line.drop(while: \.isWhitespace)
      while let last = words.last, last.isWhitespace || last == ";" { words.removeLast() }
      if words.isEmpty || words.hasPrefix("%%") { continue }
      let isRead = isBegun ? reader.read(words) : reader.begin(words)
      guard isRead else { return nil }
      isBegun = true
    }
    guard isBegun, reader.open.count == 1 else { return nil }
    let chart = Flowchart(root: reader.open[0], edges: reader.edges)
    // An arrow from a frame to what lies in it has no place to be drawn.
    return reader.edges.allSatisfy { chart.canDraw($0) } ? chart : nil
  }

  private mutating func begin(_ line: Substring) -> Bool {
    let words = line.split(separator: " ")
    guard words[0] == "flowchart" || words[0] == "graph", words.count <= 2 else { return false }
    guard let direction = Self.direction(words.count == 2 ? words[1] : "TB") else { return false }
    open[0].direction = direction
    return true
  }

  private static func direction(_ word: Substring) -> Flowchart.Direction? {
    switch word {
    case "LR": .right
    case "RL": .left
    case "TB", "TD": .down
    case "BT": .up
    default: nil
    }
  }

  private mutating func read(_ line: Substring) -> Bool {
    let first = line.prefix { !$0.isWhitespace }
    switch first {
    case "subgraph": return begin(frame: line.dropFirst(first.count))
    case "direction":
      let word = line.dropFirst(first.count).drop(while: \.isWhitespace)
      open[open.count - 1].direction = Self.direction(word)
      return open[open.count - 1].direction != nil
    case "end":
      guard open.count > 1, let group = open.popLast() else { return false }
      open[open.count - 1].children.append(.group(group))
      return true
    case "classDef", "class", "style", "linkStyle": return true
    default: return statement(line)
    }
  }

  private mutating func begin(frame rest: Substring) -> Bool {
    var scanner = MermaidScanner(rest)
    guard open.count < 8, let id = scanner.name(), known.insert(id).inserted else { return false }
    let label = scanner.shape()
    guard scanner.isAtEnd else { return false }
    let text = Flowchart.Text(mermaid: label?.text ?? id)
    open.append(Flowchart.Group(id: id, text: text))
    return true
  }

  /// `a["…"] -- "…" --> b & c`
  private mutating func statement(_ line: Substring) -> Bool {
    var scanner = MermaidScanner(line)
    guard var left = nodes(&scanner) else { return false }
    while !scanner.isAtEnd {
      guard let link = scanner.link(), let right = nodes(&scanner) else { return false }
      for from in left {
        for to in right {
          edges.append(
            Flowchart.Edge(
              from: from, to: to, text: link.text.map { Flowchart.Text(mermaid: $0) },
              isDotted: link.isDotted, hasArrow: link.hasArrow))
        }
      }
      left = right
    }
    return true
  }

  private mutating func nodes(_ scanner: inout MermaidScanner) -> [String]? {
    var ids: [String] = []
    repeat {
      guard let id = scanner.name() else { return nil }
      let shape = scanner.shape()
      ids.append(id)
      if known.insert(id).inserted {
        open[open.count - 1].children.append(
          .node(
            Flowchart.Node(
              id: id, text: Flowchart.Text(mermaid: shape?.text ?? id),
              shape: shape?.shape ?? .box)))
      } else if let shape, !describe(id, shape) {
        return nil
      }
    } while scanner.skip("&")
    return ids
  }

  /// A label may follow a node's first mention, within the frames that are still open.
  private mutating func describe(_ id: String, _ shape: (text: String, shape: Flowchart.Shape))
    -> Bool
  {
    for index in open.indices {
      guard let place = open[index].children.firstIndex(where: { $0.id == id }),
        case .node(var node) = open[index].children[place]
      else { continue }
      node.text = Flowchart.Text(mermaid: shape.text)
      node.shape = shape.shape
      open[index].children[place] = .node(node)
      return true
    }
    return false
  }
}

extension Flowchart {
  /// Whether neither end lies within the other.
  fileprivate func canDraw(_ edge: Edge) -> Bool {
    guard let from = path(to: edge.from, in: root), let to = path(to: edge.to, in: root) else {
      return false
    }
    if edge.from == edge.to { return true }
    return !from.starts(with: to) && !to.starts(with: from)
  }

  /// The ids from the outermost frame to the node or frame itself.
  func path(to id: String, in group: Group) -> [String]? {
    for child in group.children {
      if child.id == id { return [id] }
      if case .group(let inner) = child, let rest = path(to: id, in: inner) {
        return [inner.id] + rest
      }
    }
    return nil
  }
}

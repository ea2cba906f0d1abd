/// A flowchart as a value: the part of Mermaid that experiments draw with.
struct Flowchart: Equatable {
  enum Direction: Equatable { case right, left, down, up }

  enum Shape: Equatable { case box, round, rhomb, hexagon }

  /// Words of a label, line by line.
  struct Text: Equatable {
    struct Word: Equatable {
      var text: String
      var isBold = false
    }
    var lines: [[Word]]
  }

  struct Node: Equatable {
    let id: String
    var text: Text
    var shape = Shape.box
  }

  struct Edge: Equatable {
    var from: String
    var to: String
    var text: Text?
    var isDotted = false
    var hasArrow = true
  }

  /// The whole drawing or a frame within it.
  struct Group: Equatable {
    var id = ""
    var text: Text?
    var direction: Direction?
    var children: [Child] = []
  }

  enum Child: Equatable {
    case node(Node)
    indirect case group(Group)

    var id: String {
      switch self {
      case .node(let node): node.id
      case .group(let group): group.id
      }
    }
  }

  var root: Group
  var edges: [Edge]
}

extension Flowchart.Text {
  /// From Mermaid's own notation: `<br>`, `<b>`, and characters as `#40;`.
  init(mermaid: String) {
    var lines: [[Word]] = [[]]
    var isBold = false
    var word = ""
    func finish() {
      if !word.isEmpty { lines[lines.count - 1].append(Word(text: word, isBold: isBold)) }
      word = ""
    }
    var rest = mermaid[...]
    while let character = rest.first {
      if let (tag, after) = Self.tag(rest) {
        finish()
        switch tag {
        case "b": isBold = true
        case "/b": isBold = false
        default: lines.append([])
        }
        rest = after
      } else if let (code, after) = Self.code(rest) {
        word.append(code)
        rest = after
      } else {
        let breaks = character.isWhitespace && character != "\u{A0}"
        if breaks { finish() } else { word.append(character) }
        rest.removeFirst()
      }
    }
    finish()
    self.lines = lines
  }

  private static func tag(_ text: Substring) -> (name: String, after: Substring)? {
    for name in ["b", "/b", "br", "br/", "br /"] where text.hasPrefix("<\(name)>") {
      return (name, text.dropFirst(name.count + 2))
    }
    return nil
  }

  private static func code(_ text: Substring) -> (character: Character, after: Substring)? {
    guard text.first == "#" else { return nil }
    let name = text.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard name.endIndex < text.endIndex, text[name.endIndex] == ";" else { return nil }
    let names: [Substring: Character] = ["quot": "\"", "amp": "&", "lt": "<", "gt": ">"]
    let after = text[text.index(after: name.endIndex)...]
    if let known = names[name] { return (known, after) }
    guard let value = UInt32(name), let scalar = Unicode.Scalar(value), value >= 32 else {
      return nil
    }
    return (Character(scalar), after)
  }
}

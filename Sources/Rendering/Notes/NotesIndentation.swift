/// How the lines of a Markdown file lie within quotations, lists and indented code.
/// Source: CommonMark 0.31, sections 4.4 (indented code), 5.1 (quotations) and 5.2 (list items).
struct NotesIndentation {
  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")

  /// What must stand before the further lines of a block whose first line begins with `prefix`:
  /// quotation marks go on, the markers of list items become blanks. Nil where other text is in
  /// the prefix, so that no block can begin behind it.
  static func continuation(of prefix: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = prefix[...]
    while let byte = rest.first {
      if byte == space || byte == tab || byte == UInt8(ascii: ">") {
        result.append(byte)
        rest.removeFirst()
      } else if let marker = listMarker(rest) {
        result += Array(repeating: space, count: marker)
        rest = rest.dropFirst(marker)
      } else {
        return nil
      }
    }
    return result
  }

  /// The length of a list item's marker that begins here and is followed by a blank: `-`, `12.`.
  static func listMarker(_ text: ArraySlice<UInt8>) -> Int? {
    var length = 1
    if let first = text.first, "-*+".utf8.contains(first) {
    } else {
      let digits = text.prefix { ("0"..."9").contains(UnicodeScalar($0)) }.count
      guard (1...9).contains(digits), let end = text.dropFirst(digits).first,
        ".)".utf8.contains(end)
      else { return nil }
      length = digits + 1
    }
    let next = text.dropFirst(length).first
    return next == space || next == tab ? length : nil
  }

  private var isBlankBefore = true
  private var isCodeBefore = false
  private var isInList = false

  /// Whether the next line is indented code: four columns in, after an empty line, and not within
  /// a list, where the same indentation makes it part of an item.
  mutating func isCode(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop { $0 == Self.space || $0 == Self.tab }
    let isBlank = text.allSatisfy { $0 == 0x0D }
    if isBlank {
      isBlankBefore = true
      return isCodeBefore
    }
    let columns = line[..<text.startIndex].reduce(0) { $1 == Self.tab ? ($0 / 4 + 1) * 4 : $0 + 1 }
    if Self.listMarker(text) != nil && (columns < 4 || isInList) {
      isInList = true
    } else if columns < 2 && isBlankBefore {
      isInList = false
    }
    isCodeBefore = columns >= 4 && !isInList && (isBlankBefore || isCodeBefore)
    isBlankBefore = false
    return isCodeBefore
  }
}

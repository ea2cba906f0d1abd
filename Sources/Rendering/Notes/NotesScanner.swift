/// Finds the marked places of a Markdown file:
///
///     <!-- perflab memory/false-sharing table -->
///     <!-- /perflab -->
///
/// Works on bytes, so that whatever else is in the file need not even be text. Markers in code,
/// fenced, indented or in a line, are talk about markers and are passed over.
struct NotesScanner {
  /// A marked place.
  struct Place: Equatable {
    /// Of the opening marker, from 1.
    var line: Int
    /// What the opening marker says behind `perflab`.
    var text: String
    /// What lies between the markers.
    var contents: Range<Int>
    /// What stands before the opening marker in its line.
    var prefix: [UInt8]
  }

  private let bytes: [UInt8]
  private var line = 0
  private var places: [Place] = []
  private var open: Place?
  private var fence: (character: UInt8, count: Int)?
  private var indentation = NotesIndentation()
  private var isInComment = false

  static func places(in bytes: [UInt8]) throws(NotesProblem) -> [Place] {
    var scanner = NotesScanner(bytes: bytes)
    try scanner.scan()
    return scanner.places
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func scan() throws(NotesProblem) {
    // A byte order mark is no text.
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      line += 1
      let text = bytes[start..<end]
      // What is fenced, commented out or written by perflab says nothing of the layout around it.
      let isOutside = fence == nil && !isInComment && open == nil
      if !(isOutside && indentation.isCode(text)), !passesFence(text) { try scanLine(start..<end) }
      start = end + 1
    }
    if let open {
      throw NotesProblem(
        line: open.line, reason: "the marker is not closed; '<!-- /perflab -->' is missing")
    }
  }

  /// Whether the line belongs to a fenced block; opens and closes it.
  private mutating func passesFence(_ line: ArraySlice<UInt8>) -> Bool {
    if isInComment { return false }
    var rest = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }
    if fence == nil, let marker = NotesIndentation.listMarker(rest) {
      rest = rest.dropFirst(marker).drop { $0 == 0x20 || $0 == 0x09 }
    }
    guard let character = rest.first, "`~".utf8.contains(character) else { return fence != nil }
    let run = rest.prefix { $0 == character }.count
    let after = rest.dropFirst(run)
    if let fence {
      let isBlank = after.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if character == fence.character && run >= fence.count && isBlank { self.fence = nil }
      return true
    }
    // Backticks behind backticks make it code within a line.
    guard run >= 3, character == UInt8(ascii: "~") || !after.contains(character) else {
      return false
    }
    fence = (character, run)
    return true
  }

  private mutating func scanLine(_ range: Range<Int>) throws(NotesProblem) {
    var index = range.lowerBound
    while index < range.upperBound {
      if isInComment {
        guard let end = find("-->", in: index..<range.upperBound) else { return }
        isInComment = false
        index = end + 3
        continue
      }
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "`"): index = afterCode(at: index, until: range.upperBound)
      case UInt8(ascii: "<") where isAt("<!--", index, until: range.upperBound):
        guard let end = find("-->", in: index + 4..<range.upperBound) else {
          let rest = trimmed(index + 4..<range.upperBound)
          if rest.hasPrefix("perflab ") || rest.hasPrefix("/perflab") {
            throw NotesProblem(line: line, reason: "the marker must end with '-->' in its line")
          }
          isInComment = true
          return
        }
        try take(trimmed(index + 4..<end), index..<end + 3, line: range)
        index = end + 3
      default: index += 1
      }
    }
  }

  private mutating func take(
    _ text: String, _ marker: Range<Int>, line range: Range<Int>
  ) throws(NotesProblem) {
    if text == "/perflab" {
      guard var place = open else {
        throw NotesProblem(line: line, reason: "'<!-- /perflab -->' has no opening marker")
      }
      place.contents = place.contents.lowerBound..<marker.lowerBound
      places.append(place)
      open = nil
    } else if text == "perflab" || text.hasPrefix("perflab ") {
      if let open {
        throw NotesProblem(
          line: open.line,
          reason: "the marker is not closed before the next one in line \(line)")
      }
      open = Place(
        line: line, text: String(text.dropFirst(7)),
        contents: marker.upperBound..<marker.upperBound,
        prefix: Array(bytes[range.lowerBound..<marker.lowerBound]))
    }
  }

  /// Behind the code that begins here; behind the backticks where it does not end in the line.
  private func afterCode(at start: Int, until end: Int) -> Int {
    let run = bytes[start..<end].prefix { $0 == UInt8(ascii: "`") }.count
    var index = start + run
    while index < end {
      let ticks = bytes[index..<end].prefix { $0 == UInt8(ascii: "`") }.count
      if ticks == run { return index + run }
      index += max(1, ticks)
    }
    return start + run
  }

  private func isAt(_ text: StaticString, _ index: Int, until end: Int) -> Bool {
    let wanted = Array("\(text)".utf8)
    return index + wanted.count <= end && bytes[index..<index + wanted.count].elementsEqual(wanted)
  }

  private func find(_ text: StaticString, in range: Range<Int>) -> Int? {
    range.first { isAt(text, $0, until: range.upperBound) }
  }

  private func trimmed(_ range: Range<Int>) -> String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var slice = bytes[range].drop(while: isBlank)
    while let last = slice.last, isBlank(last) { slice.removeLast() }
    return String(decoding: slice, as: UTF8.self)
  }
}

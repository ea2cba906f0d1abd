/// A user's Markdown file with markers that perflab fills and refreshes.
public enum Notes {
  /// The same bytes with the markers refreshed; everything else is kept. A second call changes
  /// nothing.
  /// - Parameter contents: the Markdown for a request, whose marker stands in a line.
  /// - Throws: `NotesProblem` where a marker is not closed, not known, or cannot be filled.
  public static func fill(
    _ bytes: [UInt8], _ contents: (NotesRequest, _ line: Int) throws(NotesProblem) -> String
  ) throws(NotesProblem) -> [UInt8] {
    var result: [UInt8] = []
    var kept = 0
    for place in try NotesScanner.places(in: bytes) {
      let request = try NotesRequest(place.text, line: place.line)
      let text = try contents(request, place.line)
      result += bytes[kept..<place.contents.lowerBound]
      result += try set(text, request.kind, place, newline: newline(in: bytes, at: place))
      kept = place.contents.upperBound
    }
    return result + bytes[kept...]
  }

  /// A figure stands within its line, a block on lines of its own. A sentence does as its marker:
  /// at the beginning of a line, a comment begins HTML, in which Markdown is not read, up to the
  /// end of that line (CommonMark, 4.6).
  private static func set(
    _ text: String, _ kind: NotesRequest.Kind, _ place: NotesScanner.Place, newline: [UInt8]
  ) throws(NotesProblem) -> [UInt8] {
    let continuation = NotesIndentation.continuation(of: place.prefix)
    if kind == .speedup || (kind == .line && continuation == nil) { return Array(text.utf8) }
    guard let continuation else {
      throw NotesProblem(
        line: place.line, reason: "the marker of a \(kind) must be the first in its line")
    }
    var blank = continuation[...]
    while let last = blank.last, last == 0x20 || last == 0x09 { blank.removeLast() }
    // Blank lines around it: without them some readers see no table.
    var result = newline + blank + newline
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines {
      result += (line.isEmpty ? blank : continuation[...]) + Array(line.utf8) + newline
    }
    return result + blank + newline + continuation
  }

  /// The line end that the marker's line has; in a last line, that of the lines before.
  private static func newline(in bytes: [UInt8], at place: NotesScanner.Place) -> [UInt8] {
    let feed = UInt8(ascii: "\n")
    let start = place.contents.lowerBound
    guard
      let end = bytes[start...].firstIndex(of: feed) ?? bytes[..<start].lastIndex(of: feed)
    else { return [feed] }
    return end > 0 && bytes[end - 1] == 0x0D ? [0x0D, feed] : [feed]
  }
}

extension CountLimits {
  /// What the file begins with.
  static let head = """
    # What a call of each variant may ask of the runtime and of the system, at the experiment's
    # smallest value. Written by 'limits record', judged by 'limits check' and 'ab --gate'.
    # The last column is the share by which a count may be larger. A count that varies from call to
    # call has its range and 'varies', and is not judged; write a share there to judge its most.
    """

  /// The file's text.
  public var text: String {
    let parts = sections.map { compiler, limits in
      let rows = limits.map { limit in
        let allowed = limit.allowed.map { "+\(Self.figure($0 * 100))%" } ?? "varies"
        let row = [
          limit.experiment, limit.variant, limit.metric, Self.figure(limit.range), allowed,
        ].joined(separator: " | ")
        return Self.lines(limit.remarks + [row])
      }
      return "\n[\(compiler)]\n" + rows.joined()
    }
    return Self.head + "\n" + parts.joined() + Self.lines(lastRemarks)
  }

  private static func lines(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  /// Reads a file's text.
  /// - Throws: `Fault` with the first line that can't be understood.
  public init(text: String) throws(Fault) {
    self.init()
    // Lines may end as on Windows, and a file begin with a mark of its encoding.
    let lines = text.trimmingPrefix("\u{feff}")
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let line = line.trimmingBlanks
      if line.isEmpty { continue }
      if line.hasPrefix("#") {
        if !Self.head.split(separator: "\n").contains(line[...]) { lastRemarks.append(line) }
        continue
      }
      if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].contains(where: line.hasPrefix) {
        throw Fault(
          line: index + 1,
          reason: "a merge left a conflict; keep one side, or remove both and record again")
      }
      if line.hasPrefix("["), line.hasSuffix("]") {
        let compiler = String(line.dropFirst().dropLast())
        if limits(of: compiler) != nil {
          throw Fault(
            line: index + 1,
            reason: "\(line) begins a second time; put its lines under the first one")
        }
        sections.append((compiler, []))
        continue
      }
      guard var limit = Self.limit(line) else {
        throw Fault(
          line: index + 1,
          reason:
            "expected 'experiment | variant | count | number | +share%', or 'varies' at its end")
      }
      guard !sections.isEmpty else {
        throw Fault(line: index + 1, reason: "a limit stands before the first [compiler]")
      }
      if sections[sections.count - 1].limits.contains(where: limit.isSame) {
        throw Fault(
          line: index + 1, reason: "this count has a limit above already; keep one of the lines")
      }
      (limit.remarks, lastRemarks) = (lastRemarks, [])
      sections[sections.count - 1].limits.append(limit)
    }
  }

  /// Why a file is none of limits.
  public struct Fault: Error, Equatable, Sendable {
    /// Counted from 1.
    public let line: Int
    /// In a few words.
    public let reason: String
  }

  private static func limit(_ line: String) -> Limit? {
    let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmingBlanks)
    guard cells.count == 5, cells.prefix(3).allSatisfy({ !$0.isEmpty }),
      let range = range(cells[3])
    else { return nil }
    var allowed: Double?
    if cells[4] != "varies" {
      guard cells[4].hasPrefix("+"), cells[4].hasSuffix("%"),
        let share = Double(cells[4].dropFirst().dropLast()), share >= 0, share.isFinite
      else { return nil }
      allowed = share / 100
    }
    return Limit(
      experiment: cells[0], variant: cells[1], metric: cells[2], range: range, allowed: allowed)
  }

  private static func range(_ text: String) -> ClosedRange<Double>? {
    let ends = text.split(separator: "…").compactMap { Double($0) }
    guard (1...2).contains(ends.count), let low = ends.first, let high = ends.last, low <= high,
      low >= 0, high.isFinite
    else { return nil }
    return low...high
  }

  /// `2000`, `3…7`
  public static func figure(_ range: ClosedRange<Double>) -> String {
    range.lowerBound == range.upperBound
      ? figure(range.lowerBound) : "\(figure(range.lowerBound))…\(figure(range.upperBound))"
  }

  private static func figure(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String { String(self).trimmingBlanks }
}

extension String {
  fileprivate var trimmingBlanks: String {
    let start = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    let end = start.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    return String(end.reversed())
  }
}

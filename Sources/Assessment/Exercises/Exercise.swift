/// One of the three challenges at the end of the curriculum, as it is set and graded.
public struct Grade: Sendable, Equatable {
  /// A criterion with its points.
  public struct Point: Sendable, Equatable {
    /// What was asked.
    public var criterion: String
    /// Reached.
    public var points: Double
    /// That can be reached.
    public var most: Double
    /// What was right or missing.
    public var remark: String

    init(_ criterion: String, _ points: Double, of most: Double, _ remark: String) {
      self.criterion = criterion
      self.points = max(0, min(points, most))
      self.most = most
      self.remark = remark
    }
  }

  /// In the order of the rubric.
  public var points: [Point]
  /// What was true, and an answer that would get all points; in Markdown.
  public var truth: String

  /// Reached in all.
  public var reached: Double { points.reduce(0) { $0 + $1.points } }
  /// That can be reached in all.
  public var most: Double { points.reduce(0) { $0 + $1.most } }

  /// In Markdown: the points one by one, then the truth.
  public var text: String {
    "# \(Text.figure(reached)) of \(Text.figure(most)) points\n\n"
      + Text.table(
        ["criterion", "points", "of", "remark"],
        points.map { [$0.criterion, Text.figure($0.points), Text.figure($0.most), $0.remark] })
      + "\n" + truth
  }
}

/// Answers that a person has filled in: lines `name: value` in a file.
public struct Answers: Sendable, Equatable {
  private let values: [String: String]

  /// - Parameter text: lines without a colon, and values left empty, are ignored.
  public init(_ text: String) {
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].words.joined(separator: " ").lowercased()
      let value = line[line.index(after: colon)...].words.joined(separator: " ")
      if !value.isEmpty, !name.hasPrefix("#") { values[name] = value }
    }
    self.values = values
  }

  /// Whether nothing was filled in.
  public var isEmpty: Bool { values.isEmpty }

  subscript(_ name: String) -> String { values[name.lowercased()] ?? "" }

  /// The first number of a value; `1,200` and `1'200` are 1200, `1,5` is 1.5, `100k` is 100000.
  func number(_ name: String) -> Double? { numbers(name).first }

  func numbers(_ name: String) -> [Double] {
    let units = ["k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6]
    var numbers: [Double] = []
    var rest = self[name].lowercased()[...]
    while let start = rest.firstIndex(where: \.isNumber) {
      var digits = rest[start...].prefix { $0.isNumber || ".,'’".contains($0) }
      rest = rest[digits.endIndex...]
      while digits.last?.isNumber == false { digits.removeLast() }
      guard let number = Self.number(digits) else { continue }
      let word = rest.drop { $0 == " " }.prefix(while: \.isLetter)
      numbers.append(number * (units[String(word)] ?? 1))
    }
    return numbers
  }

  /// A comma before three digits separates thousands, another one decimals.
  private static func number(_ digits: Substring) -> Double? {
    var parts = digits.split { ",'’".contains($0) }
    guard let last = parts.last, parts.count > 1, last.prefix(while: \.isNumber).count != 3 else {
      return Double(parts.joined())
    }
    parts.removeLast()
    return Double("\(parts.joined()).\(last)")
  }
}

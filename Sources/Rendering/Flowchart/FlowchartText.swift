/// Words in lines, and how much room they take.
enum FlowchartText {
  typealias Word = Flowchart.Text.Word

  private static let size = FlowchartLayout.textSize
  private static let space = TextMetrics.width(" ", size: FlowchartLayout.textSize)

  static func wrapped(_ lines: [[Word]], to limit: Double) -> [[Word]] {
    var result: [[Word]] = []
    for line in lines {
      var current: [Word] = []
      for word in line {
        if !current.isEmpty, width(current + [word]) > limit {
          result.append(current)
          current = []
        }
        current.append(word)
      }
      result.append(current)
    }
    return result
  }

  static func width(_ words: [Word], isBold: Bool = false) -> Double {
    words.reduce(0) {
      $0 + TextMetrics.width($1.text, size: size, isBold: isBold || $1.isBold)
    } + space * Double(max(words.count - 1, 0))
  }

  static func size(_ lines: [[Word]], isBold: Bool = false) -> (width: Double, height: Double) {
    (
      lines.map { width($0, isBold: isBold) }.max() ?? 0,
      Double(lines.count) * FlowchartLayout.lineHeight
    )
  }

  /// An arrow's label with the air around it.
  static func label(_ text: Flowchart.Text) -> (
    lines: [[Word]], width: Double, height: Double
  ) {
    let lines = wrapped(text.lines, to: 120)
    let size = size(lines)
    return (lines, size.width + 12, size.height + 6)
  }

  /// Neighbours of the same weight joined.
  static func runs(_ words: [Word]) -> [Label.Run] {
    var runs: [Label.Run] = []
    for (index, word) in words.enumerated() {
      let text = (index == 0 ? "" : " ") + word.text
      if let last = runs.last, last.isBold == word.isBold {
        runs[runs.count - 1].text += text
      } else {
        runs.append(Label.Run(text: text, isBold: word.isBold))
      }
    }
    return runs
  }
}

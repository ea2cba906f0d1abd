/// How much room text takes, roughly and rather too wide than too narrow: the reader's font is not
/// known, so the widths are those of DejaVu Sans, one of the widest.
enum TextMetrics {
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let sum = text.unicodeScalars.reduce(0.0) { $0 + ems($1) }
    return sum * size * (isBold ? 1.08 : 1)
  }

  private static func ems(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "'", "|", ".", ",", ":", ";", "I", " ", "!": 0.32
    case "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.41
    case "m", "w", "M", "W", "%", "@": 0.95
    case "×", "±", "–", "+", "=", "<", ">", "÷", "→": 0.84
    case "0"..."9": 0.64
    case "A"..."Z": 0.70
    case "a"..."z": 0.61
    case "…": 1
    default: scalar.properties.isEmojiPresentation || scalar.value >= 0x1100 ? 1.1 : 0.66
    }
  }

  /// Shortens with an ellipsis until it fits.
  static func truncated(_ text: String, size: Double, to limit: Double) -> String {
    if width(text, size: size) <= limit { return text }
    var characters = Array(text)
    while !characters.isEmpty {
      characters.removeLast()
      while characters.last == " " { characters.removeLast() }
      let candidate = String(characters) + "…"
      if width(candidate, size: size) <= limit { return candidate }
    }
    return "…"
  }

  /// Breaks at spaces into lines of as many words as fit, one word at least.
  static func lines(of text: String, fits: (String) -> Bool) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = lines.last.map { "\($0) \(word)" }
      if let longer, fits(longer) {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Breaks at spaces into lines that fit; the last line that is allowed is shortened.
  static func wrapped(
    _ text: String, size: Double, isBold: Bool = false, to limit: Double, lines: Int = 3
  ) -> [String] {
    var result = self.lines(of: text) { width($0, size: size, isBold: isBold) <= limit }
    if result.count > lines {
      let rest = result[(lines - 1)...].joined(separator: " ")
      result = Array(result[..<(lines - 1)]) + [rest]
    }
    return result.map { truncated($0, size: size, to: isBold ? limit / 1.08 : limit) }
  }
}

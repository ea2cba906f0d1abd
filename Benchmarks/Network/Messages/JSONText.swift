import Glibc

/// JSON as bytes, appended piece by piece.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  /// Empty, with its memory kept.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// What stands for itself: braces, commas, keys with their colons.
  mutating func literal(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ number: some BinaryInteger) {
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { digits in
      var (rest, place) = (UInt64(number.magnitude), digits.count)
      repeat {
        place -= 1
        digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        place -= 1
        digits[place] = UInt8(ascii: "-")
      }
      bytes.append(contentsOf: digits[place...])
    }
  }

  /// The shortest text that reads as the same number.
  mutating func append(_ number: Double) { bytes.append(contentsOf: number.description.utf8) }

  /// In quotes; quotes, backslashes and control characters escaped.
  mutating func append(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { text in
      var start = 0
      for (index, byte) in text.enumerated()
      where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes.append(contentsOf: text[start..<index])
        bytes.append(contentsOf: Self.escaped(byte))
        start = index + 1
      }
      bytes.append(contentsOf: text[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func escaped(_ byte: UInt8) -> [UInt8] {
    if byte >= 0x20 { return [UInt8(ascii: "\\"), byte] }
    let digits = Array("0123456789abcdef".utf8)
    return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}

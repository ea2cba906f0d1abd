/// Takes the decimal numbers out of a buffer of text, one after the other, without allocating.
struct DecimalScanner {
  private let text: UnsafeRawBufferPointer
  private var position: Int

  init(_ text: UnsafeRawBufferPointer, from position: Int = 0) {
    self.text = text
    self.position = position
  }

  /// The next number on this line; nil at the line's end. Saturates at the largest number.
  mutating func next() -> UInt64? {
    while position < text.count, !text[position].isDigit {
      if text[position] == UInt8(ascii: "\n") { return nil }
      position += 1
    }
    guard position < text.count else { return nil }
    var value: UInt64 = 0
    while position < text.count, text[position].isDigit {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(UInt64(text[position] - 48))
      value = overflow || carry ? .max : sum
      position += 1
    }
    return value
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self >= 48 && self <= 57 }
}

extension UnsafeRawBufferPointer {
  /// A scanner behind the first line that begins with `prefix`.
  func after(_ prefix: StaticString) -> DecimalScanner? {
    after(prefix.utf8Start, count: prefix.utf8CodeUnitCount)
  }

  /// A scanner behind the first line that begins with `prefix`.
  func after(_ prefix: String) -> DecimalScanner? {
    var prefix = prefix
    return prefix.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return DecimalScanner(self) }
      return after(base, count: bytes.count)
    }
  }

  private func after(_ prefix: UnsafePointer<UInt8>, count length: Int) -> DecimalScanner? {
    var line = 0
    while line + length <= count {
      if (0..<length).allSatisfy({ self[line + $0] == prefix[$0] }) {
        return DecimalScanner(self, from: line + length)
      }
      while line < count, self[line] != UInt8(ascii: "\n") { line += 1 }
      line += 1
    }
    return nil
  }
}

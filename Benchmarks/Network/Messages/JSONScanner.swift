import Glibc

/// Not JSON, or not what was expected.
struct JSONFault: Error {}

/// Reads JSON in one pass, without a tree.
struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  /// - Parameter bytes: end with a zero byte, at which every number ends.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Calls `member` at the value of each member, in whatever order they are; it must read it.
  mutating func object(
    _ member: (_ key: UnsafeBufferPointer<UInt8>, inout JSONScanner) throws -> Void
  ) throws {
    try list("{", "}") { scanner in
      let key = try scanner.quoted().bytes
      try scanner.expect(":")
      try member(key, &scanner)
    }
  }

  /// Calls `element` at each element; it must read it.
  mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
    try list("[", "]", element)
  }

  mutating func integer<Number: FixedWidthInteger>() throws -> Number {
    skipBlanks()
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    var (value, start) = (Number(0), place)
    while case let digit = bytes[place] &- UInt8(ascii: "0"), digit < 10 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      value = tens &+ Number(truncatingIfNeeded: digit)
      if overflow { throw JSONFault() }
      place += 1
    }
    swap(&start, &place)
    guard place < start else { throw JSONFault() }
    place = start
    return isNegative ? 0 &- value : value
  }

  mutating func double() throws -> Double {
    skipBlanks()
    let start = UnsafeRawPointer(bytes.baseAddress! + place).assumingMemoryBound(to: CChar.self)
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &end)
    guard let end, end > UnsafeMutablePointer(mutating: start) else { throw JSONFault() }
    place += end - UnsafeMutablePointer(mutating: start)
    return value
  }

  mutating func bool() throws -> Bool {
    skipBlanks()
    let isTrue = bytes[place] == UInt8(ascii: "t")
    place += isTrue ? 4 : 5
    guard place < bytes.count else { throw JSONFault() }
    return isTrue
  }

  mutating func string() throws -> String {
    let (text, isPlain) = try quoted()
    guard isPlain else { return try Self.unescaped(text) }
    guard let text = String(validating: text, as: UTF8.self) else { throw JSONFault() }
    return text
  }

  private mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ element: (inout JSONScanner) throws -> Void
  ) throws {
    try expect(open)
    skipBlanks()
    if bytes[place] == UInt8(ascii: close) {
      place += 1
      return
    }
    while true {
      try element(&self)
      skipBlanks()
      place += 1
      if bytes[place - 1] == UInt8(ascii: close) { return }
      if bytes[place - 1] != UInt8(ascii: ",") { throw JSONFault() }
    }
  }

  /// Up to the closing quote, and whether nothing in it is escaped.
  private mutating func quoted() throws -> (bytes: UnsafeBufferPointer<UInt8>, isPlain: Bool) {
    try expect("\"")
    let start = place
    var isPlain = true
    while bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] < 0x20 { throw JSONFault() }
      if bytes[place] == UInt8(ascii: "\\") {
        isPlain = false
        place += 1
      }
      place += 1
      if place >= bytes.count { throw JSONFault() }
    }
    place += 1
    return (UnsafeBufferPointer(rebasing: bytes[start..<place - 1]), isPlain)
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    skipBlanks()
    guard bytes[place] == UInt8(ascii: character) else { throw JSONFault() }
    place += 1
  }

  private mutating func skipBlanks() {
    while bytes[place] == 0x20 || bytes[place] == 0x0a || bytes[place] == 0x0d || bytes[place] == 9
    {
      place += 1
    }
  }

  private static func unescaped(_ text: UnsafeBufferPointer<UInt8>) throws -> String {
    var scalars = String.UnicodeScalarView()
    var characters = String(decoding: text, as: UTF8.self).unicodeScalars.makeIterator()
    while let character = characters.next() {
      guard character == "\\" else {
        scalars.append(character)
        continue
      }
      switch characters.next() {
      case "n": scalars.append("\n")
      case "t": scalars.append("\t")
      case "r": scalars.append("\r")
      case "b": scalars.append("\u{8}")
      case "f": scalars.append("\u{c}")
      case "u":
        let digits = String(String.UnicodeScalarView((0..<4).compactMap { _ in characters.next() }))
        guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else {
          throw JSONFault()
        }
        scalars.append(scalar)
      case let other?: scalars.append(other)
      case nil: throw JSONFault()
      }
    }
    return String(scalars)
  }
}

extension UnsafeBufferPointer<UInt8> {
  static func ~= (text: StaticString, bytes: Self) -> Bool {
    bytes.count == text.utf8CodeUnitCount
      && memcmp(bytes.baseAddress!, text.utf8Start, bytes.count) == 0
  }
}

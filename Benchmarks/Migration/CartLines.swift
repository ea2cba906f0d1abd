import FoundationEssentials
import Harness
import Platform

/// Lines of carts as JSON, the same ones for each decoder.
final class CartLines {
  /// Of a call.
  static let messages = 20

  struct Line: Decodable, Equatable {
    let product: Int
    let quantity: Int
    let note: String
  }

  let bodies: [[UInt8]]

  /// - Parameter lines: of a message.
  init(_ point: Point, lines: Int) {
    var random = point.generator()
    bodies = (0..<Self.messages).map { _ in
      let lines = (0..<lines).map { _ in
        let note = ["", "as a present", "the \\\"large\\\" one"].randomElement(using: &random)!
        return "{\"product\":\(Int.random(in: 1...99_999, using: &random)),"
          + "\"quantity\":\(Int.random(in: 1...9, using: &random)),\"note\":\"\(note)\"}"
      }
      return Array("[\(lines.joined(separator: ","))]".utf8)
    }
  }

  /// Decodes all messages.
  /// - Returns: a digest of what they say.
  func decode(_ decode: ([UInt8]) throws -> [Line]) rethrows -> UInt64 {
    var digest: UInt64 = 0
    for body in bodies {
      for line in try decode(body) {
        digest = mixed(digest ^ UInt64(line.product * 10 + line.quantity))
        digest = mixed(digest ^ ByteDigest.of(Array(line.note.utf8)))
      }
    }
    return digest
  }

  func time(_ decode: ([UInt8]) throws -> [Line]) throws -> Double {
    let times = try (0..<7).map { _ in
      let start = Clock.now()
      _ = try self.decode(decode)
      return Double(Clock.now() - start) / Double(Self.messages)
    }
    return times.sorted()[3]
  }
}

/// Reads the one kind of message that it knows, from bytes, without building a tree first.
struct LineScanner {
  /// It is no list of lines.
  struct Malformed: Error {}

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Fields in any order; unknown ones are an error, as are missing ones.
  mutating func lines() throws -> [CartLines.Line] {
    var lines: [CartLines.Line] = []
    try take(UInt8(ascii: "["))
    while !skip(UInt8(ascii: "]")) {
      lines.append(try line())
      _ = skip(UInt8(ascii: ","))
    }
    guard index == bytes.count else { throw Malformed() }
    return lines
  }

  private mutating func line() throws -> CartLines.Line {
    var (product, quantity, note): (Int?, Int?, String?) = (nil, nil, nil)
    try take(UInt8(ascii: "{"))
    while !skip(UInt8(ascii: "}")) {
      let name = try text()
      try take(UInt8(ascii: ":"))
      switch name {
      case "product": product = try number()
      case "quantity": quantity = try number()
      case "note": note = try text()
      default: throw Malformed()
      }
      _ = skip(UInt8(ascii: ","))
    }
    guard let product, let quantity, let note else { throw Malformed() }
    return CartLines.Line(product: product, quantity: quantity, note: note)
  }

  private mutating func number() throws -> Int {
    let start = index
    var value = 0
    while index < bytes.count, bytes[index] &- 48 < 10, index - start < 18 {
      value = value * 10 + Int(bytes[index] &- 48)
      index += 1
    }
    guard index > start else { throw Malformed() }
    return value
  }

  private mutating func text() throws -> String {
    try take(UInt8(ascii: "\""))
    let start = index
    var escapes = 0
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      // Here the escapes of the Shop's own messages: a quotation mark and a backslash.
      if bytes[index] == UInt8(ascii: "\\") { (index, escapes) = (index + 1, escapes + 1) }
      index += 1
    }
    guard index < bytes.count else { throw Malformed() }
    let raw = UnsafeBufferPointer(rebasing: bytes[start..<index])
    index += 1
    guard escapes > 0 else { return String(decoding: raw, as: UTF8.self) }
    var plain: [UInt8] = []
    var isEscaped = false
    for byte in raw {
      if byte == UInt8(ascii: "\\") && !isEscaped {
        isEscaped = true
      } else {
        guard !isEscaped || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
          throw Malformed()
        }
        plain.append(byte)
        isEscaped = false
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    while index < bytes.count, bytes[index] == 32 || bytes[index] == 10 { index += 1 }
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func take(_ byte: UInt8) throws {
    guard skip(byte) else { throw Malformed() }
  }
}

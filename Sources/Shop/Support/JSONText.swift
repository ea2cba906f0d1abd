import NIOCore

/// Writes JSON text into a buffer, from the outside in.
struct JSONText {
  private(set) var buffer: ByteBuffer
  private var needsComma = false

  init(capacity: Int = 1_024) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

  mutating func object(_ name: StaticString? = nil, _ body: (inout JSONText) throws -> Void)
    rethrows
  {
    try nested(name, "{", "}", body)
  }

  mutating func array(_ name: StaticString? = nil, _ body: (inout JSONText) throws -> Void)
    rethrows
  {
    try nested(name, "[", "]", body)
  }

  mutating func field(_ name: StaticString, _ value: Int) {
    begin(name)
    buffer.writeString(String(value))
  }

  mutating func field(_ name: StaticString, _ value: String) {
    begin(name)
    quote(value)
  }

  mutating func element(_ value: Int) {
    begin(nil)
    buffer.writeString(String(value))
  }

  private mutating func nested(
    _ name: StaticString?, _ opening: StaticString, _ closing: StaticString,
    _ body: (inout JSONText) throws -> Void
  ) rethrows {
    begin(name)
    buffer.writeStaticString(opening)
    needsComma = false
    try body(&self)
    buffer.writeStaticString(closing)
    needsComma = true
  }

  private mutating func begin(_ name: StaticString?) {
    if needsComma { buffer.writeStaticString(",") }
    needsComma = true
    guard let name else { return }
    buffer.writeStaticString("\"")
    buffer.writeStaticString(name)
    buffer.writeStaticString("\":")
  }

  /// Source: RFC 8259, section 7.
  private mutating func quote(_ text: String) {
    buffer.writeStaticString("\"")
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
    if isPlain {
      buffer.writeString(text)
    } else {
      for byte in text.utf8 {
        switch byte {
        case 0x22, 0x5C: buffer.writeBytes([0x5C, byte])
        case 0..<0x20:
          let digits = String(byte, radix: 16)
          buffer.writeString("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: buffer.writeInteger(byte)
        }
      }
    }
    buffer.writeStaticString("\"")
  }
}

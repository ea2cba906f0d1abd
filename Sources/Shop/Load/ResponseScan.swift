import Systems

/// Finds the end of a response of HTTP/1.1 that says its length.
enum ResponseScan {
  /// What was found.
  struct Found {
    let status: Int
    let body: Range<Int>
    /// Whether the server closes the connection behind it.
    let isLast: Bool
  }

  enum Result {
    case partial
    case whole(Found)
    case garbage(String)
  }

  private static let length = Array("content-length:".utf8)
  private static let close = Array("connection: close".utf8)

  static func scan(_ bytes: UnsafeRawBufferPointer) -> Result {
    guard bytes.count >= 12 else { return .partial }
    guard bytes[0] == UInt8(ascii: "H"), bytes[8] == 0x20, let status = number(bytes, from: 9)
    else { return .garbage("no status line of HTTP/1") }
    var (start, count, isLast) = (0, Int?.none, false)
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == 13, bytes[index + 1] == 10 else {
        index += 1
        continue
      }
      if index == start {
        guard let count else { return .garbage("a response without Content-Length") }
        let body = index + 2..<index + 2 + count
        guard bytes.count >= body.upperBound else { return .partial }
        return .whole(Found(status: status, body: body, isLast: isLast))
      }
      let first = bytes[start] | 0x20
      if first == length[0], begins(bytes, at: start, length) {
        count = number(bytes, from: start + length.count + 1)
      }
      if first == close[0], begins(bytes, at: start, close) { isLast = true }
      index += 2
      start = index
    }
    return .partial
  }

  private static func begins(_ bytes: UnsafeRawBufferPointer, at start: Int, _ word: [UInt8])
    -> Bool
  {
    guard start + word.count <= bytes.count else { return false }
    for offset in word.indices where bytes[start + offset] | 0x20 != word[offset] | 0x20 {
      return false
    }
    return true
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var (value, index) = (0, start)
    while index < bytes.count, (48...57).contains(bytes[index]), value < 1 << 40 {
      value = 10 * value + Int(bytes[index] - 48)
      index += 1
    }
    return index > start ? value : nil
  }
}

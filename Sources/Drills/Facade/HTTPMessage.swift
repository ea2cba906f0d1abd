import NIOCore

/// A whole request or response of HTTP/1.1 that says its length, as it came.
struct HTTPMessage {
  let bytes: ByteBuffer
  private let head: String

  /// Takes the first message out of what was received; nil where it is not whole yet.
  init?(takenFrom received: inout ByteBuffer) {
    let view = received.readableBytesView
    guard let end = Self.endOfHead(view) else { return nil }
    let head = String(decoding: view[..<end], as: UTF8.self)
    let length = Self.field("content-length", in: head).flatMap { Int($0) } ?? 0
    guard let bytes = received.readSlice(length: end - view.startIndex + length) else { return nil }
    (self.bytes, self.head) = (bytes, head)
  }

  private static func endOfHead(_ view: ByteBufferView) -> Int? {
    var (index, newLines) = (view.startIndex, 0)
    while index < view.endIndex {
      switch view[index] {
      case 10: newLines += 1
      case 13: break
      default: newLines = 0
      }
      index += 1
      if newLines == 2 { return index }
    }
    return nil
  }

  private static func field(_ name: String, in head: String) -> Substring? {
    for line in head.split(separator: "\r\n").dropFirst() {
      guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else {
        continue
      }
      return line[line.index(after: colon)...].drop { $0 == " " }
    }
    return nil
  }

  /// `POST`
  var method: Substring { head.prefix { $0 != " " } }

  /// `/orders/17`
  var path: Substring {
    head.drop { $0 != " " }.dropFirst().prefix { $0 != " " && $0 != "?" }
  }

  /// Of a response; 0 where it has none.
  var status: Int { Int(path) ?? 0 }

  /// What `Authorization: Bearer …` names; nil where it names none.
  var session: Int? {
    guard let value = Self.field("authorization", in: head), value.hasPrefix("Bearer ") else {
      return nil
    }
    return Int(value.dropFirst(7), radix: 16)
  }
}

import Glibc
import Synchronization

/// A line for each request, in the combined log format, with the microseconds that it took.
///
/// Source: Apache HTTP Server, mod_log_config: `"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\"
/// \"%{User-agent}i\" %D"`.
final class AccessLog: Sendable {
  let file: LineFile
  private let moment = Mutex((second: 0, text: ""))

  init(_ file: LineFile) { self.file = file }

  /// - Returns: flushes to the device that this took.
  func line(for request: ShopRequest, status: Int, bytes: Int, nanoseconds: UInt64) -> Int {
    let line =
      "127.0.0.1 - - [\(now())] \"\(request.method) \(Self.quoted(request.uri)) HTTP/1.1\" "
      + "\(status) \(bytes) \"-\" \"\(Self.quoted(request.userAgent))\" \(nanoseconds / 1_000)"
    return file.append(line)
  }

  /// As text of a client's must not end a field or a line.
  private static func quoted(_ text: String) -> String {
    if text.isEmpty { return "-" }
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else { return text }
    return text.unicodeScalars.map {
      $0.value < 0x20 || "\"\\".unicodeScalars.contains($0)
        ? "\\x" + String($0.value, radix: 16) : String($0)
    }.joined()
  }

  private func now() -> String {
    let second = time(nil)
    return moment.withLock { moment in
      if moment.second == second { return moment.text }
      var parts = tm()
      var value = second
      gmtime_r(&value, &parts)
      var text = [CChar](repeating: 0, count: 40)
      strftime(&text, text.count, "%d/%b/%Y:%H:%M:%S +0000", &parts)
      let end = text.firstIndex(of: 0) ?? text.endIndex
      moment = (second, String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self))
      return moment.text
    }
  }
}

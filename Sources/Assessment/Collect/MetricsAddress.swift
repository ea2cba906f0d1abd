import Glibc
import Platform

/// Where an application exports its metrics, by plain HTTP on this machine.
public struct MetricsAddress: Sendable, Equatable {
  let host: String
  let port: UInt16
  let path: String

  /// `http://127.0.0.1:8080/metrics`; nil for what is not of this form. The address is a number, since
  /// what is measured should not wait for a name service.
  public init?(_ text: String) {
    guard text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst(7)
    let place = rest.prefix { $0 != "/" }
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    let host = parts.first == "localhost" ? "127.0.0.1" : String(parts.first ?? "")
    guard parts.count <= 2, let port = parts.count == 2 ? UInt16(parts[1]) : 80,
      inet_addr(host) != INADDR_NONE
    else { return nil }
    (self.host, self.port) = (host, port)
    let path = rest.dropFirst(place.count)
    self.path = path.isEmpty ? "/metrics" : String(path)
  }

  /// Asks once, for a second at most.
  func fetch() -> Result<String, SystemError> {
    func failure(_ call: String) -> Result<String, SystemError> {
      .failure(SystemError(call: "\(call) \(host):\(port)", errno: errno))
    }
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    guard file >= 0 else { return failure("socket") }
    defer { close(file) }
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    // SAFETY: an address of the Internet is passed with its own size.
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return failure("connect") }
    let request = Array(
      "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
    guard send(file, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      return failure("send")
    }
    var response: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while response.count < 64 << 20 {
      let count = recv(file, &chunk, chunk.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return failure("recv") }
      if count == 0 { break }
      response.append(contentsOf: chunk[..<count])
    }
    return body(of: response)
  }

  private func body(of response: [UInt8]) -> Result<String, SystemError> {
    let text = String(decoding: response, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 200") else {
      return .failure(SystemError(call: "GET \(path) of \(host):\(port)", errno: EPROTO))
    }
    return .success(String(text[end.upperBound...]))
  }
}

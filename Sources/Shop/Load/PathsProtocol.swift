import Systems

/// GET requests for given addresses, in turn: request n gets the n-th, from the beginning again
/// after the last.
public struct PathsProtocol: WireProtocol {
  private let requests: [[UInt8]]

  /// - Parameter paths: `/products/1`; at least one.
  public init(_ paths: [String]) {
    precondition(!paths.isEmpty, "there is nothing to ask for")
    requests = paths.map { Array("GET \($0) HTTP/1.1\r\nHost: shop\r\n\r\n".utf8) }
  }

  /// See `WireProtocol`.
  public func encode(_ request: Request, into bytes: inout [UInt8]) {
    bytes.append(contentsOf: requests[Int(request.id % UInt64(requests.count))])
  }

  /// See `WireProtocol`. The digest is that of the body.
  public func scan(_ bytes: UnsafeRawBufferPointer, for request: Request) -> AnswerScan {
    switch ResponseScan.scan(bytes) {
    case .partial: return .partial
    case .garbage(let what): return .garbage(what)
    case .whole(let found):
      let body = UnsafeRawBufferPointer(rebasing: bytes[found.body])
      return .whole(
        Answer(
          found.status < 400 ? .succeeded : .failed, digest: Answer.digest(ofBytes: body),
          isLast: found.isLast),
        bytes: found.body.upperBound)
    }
  }
}

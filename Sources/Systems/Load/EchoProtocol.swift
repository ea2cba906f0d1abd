/// Messages of a fixed length that come back as they were sent, with a status.
///
/// The header is eight bytes of id, eight of the demand in nanoseconds, a kind (a request or a
/// cancel) and a status; the rest is filler that follows from the id.
public struct EchoProtocol: WireProtocol, Equatable {
  /// Of a message.
  public let length: Int

  /// The shortest message.
  public static let header = 18
  static let kindOffset = 16
  static let statusOffset = 17
  static let cancel: UInt8 = 1

  /// - Parameter length: bytes of a message; at least the header.
  public init(length: Int = 64) { self.length = max(length, Self.header) }

  /// See `WireProtocol`.
  public func encode(_ request: Request, into bytes: inout [UInt8]) {
    append(request, kind: 0, to: &bytes)
  }

  /// See `WireProtocol`.
  public func encodeCancel(of request: Request, into bytes: inout [UInt8]) {
    append(request, kind: Self.cancel, to: &bytes)
  }

  /// See `WireProtocol`. An answer with another id is garbage.
  public func scan(_ bytes: UnsafeRawBufferPointer, for request: Request) -> AnswerScan {
    guard bytes.count >= length else { return .partial }
    let message = UnsafeRawBufferPointer(rebasing: bytes.prefix(length))
    let id = UInt64(littleEndian: message.loadUnaligned(as: UInt64.self))
    guard id == request.id else { return .garbage("the answer to request \(id)") }
    guard let status = Answer.Status(rawValue: message[Self.statusOffset]) else {
      return .garbage("status \(message[Self.statusOffset])")
    }
    return .whole(Answer(status, digest: digest(of: message)), bytes: length)
  }

  /// See `WireProtocol`.
  public func echoDigest(of demands: [UInt64]) -> UInt64 {
    var bytes: [UInt8] = []
    var sum: UInt64 = 0
    for (id, demand) in demands.enumerated() {
      bytes.removeAll(keepingCapacity: true)
      append(Request(id: UInt64(id), demand: demand), kind: 0, to: &bytes)
      sum &+= LoadResult.mixed(bytes.withUnsafeBytes { digest(of: $0) })
    }
    return sum
  }

  private func append(_ request: Request, kind: UInt8, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: request.id.littleEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: request.demand.littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(kind)
    bytes.append(Answer.Status.succeeded.rawValue)
    let filler = UInt8(truncatingIfNeeded: request.id)
    bytes.append(contentsOf: repeatElement(filler, count: length - Self.header))
  }
}

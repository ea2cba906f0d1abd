/// A request as the generator hands it to a protocol.
public struct Request: Sendable, Equatable {
  /// Comes back with the answer, where the protocol can carry it.
  public let id: UInt64
  /// Nanoseconds that it is to take, for a backend that serves as requested.
  public let demand: UInt64

  /// - Parameter demand: nanoseconds.
  public init(id: UInt64, demand: UInt64 = 0) {
    self.id = id
    self.demand = demand
  }
}

/// What an answer says.
public struct Answer: Sendable, Equatable {
  /// How the request went.
  public enum Status: UInt8, Sendable {
    case succeeded, failed, rejected, cancelled
  }

  /// How it went.
  public let status: Status
  /// The bytes that arrived, as a number: the same answers give the same digests.
  public let digest: UInt64
  /// Whether the server closes the connection behind it.
  public let isLast: Bool

  /// An answer.
  public init(_ status: Status, digest: UInt64, isLast: Bool = false) {
    self.status = status
    self.digest = digest
    self.isLast = isLast
  }
}

/// What stands at the beginning of the bytes that a connection has received.
public enum AnswerScan: Sendable, Equatable {
  /// Not yet a whole answer.
  case partial
  /// An answer, and its length in bytes.
  case whole(Answer, bytes: Int)
  /// No answer at all, and why.
  case garbage(String)
}

/// How requests are written, and where an answer ends. One request at a time is on a connection.
public protocol WireProtocol: Sendable {
  /// Appends the bytes of a request.
  func encode(_ request: Request, into bytes: inout [UInt8])
  /// Appends what takes a request back; nothing where the protocol can't. The request is answered
  /// all the same.
  func encodeCancel(of request: Request, into bytes: inout [UInt8])
  /// Looks for the end of the first answer.
  /// - Parameter request: that is to be answered.
  func scan(_ bytes: UnsafeRawBufferPointer, for request: Request) -> AnswerScan
}

/// A protocol whose servers send back what they received, or a part of it.
public protocol EchoedProtocol: WireProtocol {
  /// `LoadResult.digest` of a load whose requests all succeeded: to compare what arrived with.
  /// - Parameter demands: nanoseconds of each request, whose index is its id.
  func echoDigest(of demands: [UInt64]) -> UInt64
}

extension WireProtocol {
  /// Nothing: most protocols can't.
  public func encodeCancel(of request: Request, into bytes: inout [UInt8]) {}
}

/// FNV-1a, over eight bytes at a time where there are as many.
///
/// Source: Fowler, Noll and Vo, *The FNV Non-Cryptographic Hash Algorithm*, 1991.
func digest(of bytes: UnsafeRawBufferPointer) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  var index = 0
  while index + 8 <= bytes.count {
    hash = (hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0x100_0000_01B3
    index += 8
  }
  while index < bytes.count {
    hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
    index += 1
  }
  return hash
}

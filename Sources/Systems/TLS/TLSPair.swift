import CTLS
import Glibc

/// A TLS client and server of OpenSSL that talk through memory: all of a connection but the network.
///
/// The client trusts the authority that has signed the server's certificate and checks the
/// server's name. Keys and certificates are made once in a process. For one thread at a time, of
/// all pairs.
public final class TLSPair {
  /// What certificates are signed with.
  public enum Key: Sendable, CaseIterable {
    /// ECDSA on the curve P-256.
    case p256
    /// RSA with 2,048 bits.
    case rsa2048
  }

  /// The only version that both sides offer.
  public enum Version: Int32, Sendable {
    case v12 = 12
    case v13 = 13
  }

  /// How a connection begins.
  public enum Start: Sendable {
    /// With the server's certificate.
    case full
    /// With the session of the connection before.
    case resumed
    /// With that session, and the request in the first flight (TLS 1.3).
    case early
  }

  private let tls: OpaquePointer

  /// Makes both sides, and keys and certificates where the process has none of the kind.
  /// - Parameter takesEarlyData: the server accepts early data, and remembers used sessions for it.
  public init(_ key: Key, _ version: Version, takesEarlyData: Bool = false) throws(TLSFault) {
    var reason = [CChar](repeating: 0, count: 128)
    let made = perflab_tls_make(
      key == .p256 ? PERFLAB_TLS_P256 : PERFLAB_TLS_RSA2048, version.rawValue,
      takesEarlyData ? 1 : 0, &reason, reason.count)
    guard let made else {
      throw TLSFault(
        text: String(
          decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    tls = made
  }

  deinit { perflab_tls_free(tls) }

  /// A connection: handshake, request, and the request's bytes as the response.
  /// - Parameters:
  ///   - request: at most 16,384 bytes.
  ///   - response: as many.
  /// - Returns: round trips from the client's first byte to the whole response, and bytes both ways.
  /// - Throws: also where the session was not resumed, or early data were not accepted.
  public func connect(
    _ start: Start, request: UnsafeRawBufferPointer, response: UnsafeMutableRawBufferPointer
  ) throws(TLSFault) -> (roundTrips: Int, bytes: Int) {
    var report = perflab_tls_report()
    let how =
      switch start {
      case .full: PERFLAB_TLS_FULL
      case .resumed: PERFLAB_TLS_RESUMED
      case .early: PERFLAB_TLS_EARLY
      }
    let fault = perflab_tls_connect(
      tls, how, request.baseAddress, response.baseAddress, min(request.count, response.count),
      &report)
    if let fault { throw TLSFault(text: "TLS: \(String(cString: fault)) failed") }
    return (Int(report.round_trips), Int(report.bytes))
  }
}

/// What OpenSSL refused.
public struct TLSFault: Error, Hashable, Sendable, CustomStringConvertible {
  let text: String
  /// In one line.
  public var description: String { text }
}

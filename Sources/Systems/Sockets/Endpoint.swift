import Glibc

/// An IPv4 address with a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The address as a number: 127.0.0.1 is 0x7F00_0001.
  public let address: UInt32
  /// 0 where the kernel is to choose one.
  public let port: UInt16

  /// An address with a port.
  public init(address: UInt32, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// On the loopback interface.
  public static func loopback(port: UInt16 = 0) -> Endpoint {
    Endpoint(address: 0x7F00_0001, port: port)
  }

  /// `127.0.0.1:8080`
  public var description: String {
    let bytes = [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xFF) }
    return "\(bytes.joined(separator: ".")):\(port)"
  }

  init(_ raw: sockaddr_in) {
    self.init(
      address: UInt32(bigEndian: raw.sin_addr.s_addr), port: UInt16(bigEndian: raw.sin_port))
  }

  var raw: sockaddr_in {
    var raw = sockaddr_in()
    raw.sin_family = sa_family_t(AF_INET)
    raw.sin_addr.s_addr = address.bigEndian
    raw.sin_port = port.bigEndian
    return raw
  }
}

import CTLS

/// A token that says who somebody is and until when, in the compact form of JSON Web Tokens
/// (RFC 7519): `header.claims.signature`, each in Base64 for URLs. Signed by OpenSSL with a key of
/// this process.
///
///     let token = try SignedToken.made(for: 17, until: 1_900_000_000, by: .es256)
///     SignedToken.claims(of: token, by: .es256, at: 1_800_000_000)?.subject  // 17
public enum SignedToken {
  /// How it is signed.
  public enum Algorithm: Sendable {
    /// ECDSA on P-256: who can verify it can't make one.
    case es256
    /// HMAC with SHA-256: who can verify it can make one.
    case hs256

    var kind: perflab_tls_token { self == .es256 ? PERFLAB_TOKEN_ES256 : PERFLAB_TOKEN_HS256 }
    var header: String { "{\"alg\":\"\(self == .es256 ? "ES256" : "HS256")\",\"typ\":\"JWT\"}" }
  }

  /// What it says.
  public struct Claims: Sendable, Equatable {
    /// Whom it is about.
    public let subject: Int
    /// Seconds since 1970 after which it is no longer valid.
    public let expiry: Int
  }

  /// A new one.
  /// - Throws: `TLSFault` where OpenSSL refuses.
  public static func made(
    for subject: Int, until expiry: Int, by algorithm: Algorithm
  ) throws(TLSFault) -> [UInt8] {
    var token = Base64URL.encoded(Array(algorithm.header.utf8))
    token.append(UInt8(ascii: "."))
    token += Base64URL.encoded(Array("{\"sub\":\(subject),\"exp\":\(expiry)}".utf8))
    var signature = [UInt8](repeating: 0, count: 64)
    let count = token.withUnsafeBytes {
      perflab_tls_token_sign(algorithm.kind, $0.baseAddress, $0.count, &signature)
    }
    guard count > 0 else { throw TLSFault(text: "OpenSSL does not sign a token") }
    token.append(UInt8(ascii: "."))
    token += Base64URL.encoded(Array(signature.prefix(Int(count))))
    return token
  }

  /// What a token says; nil where its algorithm is another one, its signature is wrong or it is no
  /// longer valid. The algorithm is the verifier's choice and never the token's (RFC 8725, 3.1).
  /// - Parameter now: seconds since 1970.
  public static func claims(
    of token: [UInt8], by algorithm: Algorithm, at now: Int
  ) -> Claims? {
    let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decoded(parts[0]),
      header.elementsEqual(algorithm.header.utf8), let signature = Base64URL.decoded(parts[2])
    else { return nil }
    let signed = parts[1].endIndex
    let isRight = token.withUnsafeBytes { bytes in
      perflab_tls_token_verify(
        algorithm.kind, bytes.baseAddress, signed, signature, signature.count)
    }
    guard isRight == 1, let text = Base64URL.decoded(parts[1]),
      let subject = number("sub", in: text), let expiry = number("exp", in: text), expiry > now
    else { return nil }
    return Claims(subject: subject, expiry: expiry)
  }

  /// The number of a claim in an object without nesting.
  private static func number(_ name: String, in text: [UInt8]) -> Int? {
    let key = Array("\"\(name)\":".utf8)
    guard text.count > key.count else { return nil }
    for start in 0..<text.count - key.count where text[start..<start + key.count] == key[...] {
      let digits = text[(start + key.count)...].prefix { (0x30...0x39).contains($0) }
      return Int(String(decoding: digits, as: UTF8.self))
    }
    return nil
  }
}

/// Base64 with `-` and `_` and without padding (RFC 4648, 5).
enum Base64URL {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xff, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  static func encoded(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var (word, bits) = (0, 0)
    for byte in bytes {
      word = word << 8 | Int(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(digits[word >> bits & 63])
      }
      word &= (1 << bits) - 1
    }
    if bits > 0 { text.append(digits[word << (6 - bits) & 63]) }
    return text
  }

  /// Nil for other characters.
  static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var (word, bits) = (0, 0)
    for digit in text {
      let value = values[Int(digit)]
      guard value < 64 else { return nil }
      word = word << 6 | Int(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(word >> bits))
        word &= (1 << bits) - 1
      }
    }
    return bytes
  }
}

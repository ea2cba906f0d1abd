import Testing

@testable import Systems

@Suite struct SignedTokenTests {
  private static let now = 1_800_000_000

  @Test(arguments: [SignedToken.Algorithm.es256, .hs256])
  func whatIsSignedIsRead(algorithm: SignedToken.Algorithm) throws {
    let token = try SignedToken.made(for: 17, until: Self.now + 60, by: algorithm)
    let claims = SignedToken.claims(of: token, by: algorithm, at: Self.now)
    #expect(claims?.subject == 17 && claims?.expiry == Self.now + 60)
    #expect(String(decoding: token, as: UTF8.self).split(separator: ".").count == 3)
  }

  @Test(arguments: [SignedToken.Algorithm.es256, .hs256])
  func aChangedTokenIsRefused(algorithm: SignedToken.Algorithm) throws {
    let token = try SignedToken.made(for: 17, until: Self.now + 60, by: algorithm)
    for place in stride(from: 0, to: token.count - 1, by: 7) {
      var changed = token
      changed[place] = changed[place] == 0x41 ? 0x42 : 0x41
      #expect(SignedToken.claims(of: changed, by: algorithm, at: Self.now) == nil, "\(place)")
    }
    #expect(SignedToken.claims(of: Array(token.dropLast()), by: algorithm, at: Self.now) == nil)
    #expect(SignedToken.claims(of: [], by: algorithm, at: Self.now) == nil)
  }

  @Test func anOldOneAndAnotherAlgorithmAreRefused() throws {
    let token = try SignedToken.made(for: 1, until: Self.now, by: .hs256)
    #expect(SignedToken.claims(of: token, by: .hs256, at: Self.now) == nil)
    #expect(SignedToken.claims(of: token, by: .hs256, at: Self.now - 1) != nil)
    #expect(SignedToken.claims(of: token, by: .es256, at: Self.now - 1) == nil)
  }

  /// RFC 7515, appendix A.1: the header of an HMAC token.
  @Test func base64IsThatOfURLs() {
    let text = Array("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}".utf8)
    let encoded = Base64URL.encoded(text)
    #expect(
      String(decoding: encoded, as: UTF8.self) == "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9")
    #expect(Base64URL.decoded(encoded[...]) == text)
    #expect(Base64URL.decoded([0x2B]) == nil)
  }
}

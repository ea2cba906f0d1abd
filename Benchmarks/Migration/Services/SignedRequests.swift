import Harness
import Platform
import Results
import Systems

/// Requests with tokens, and how services check them.
final class SignedRequests {
  /// Of a call.
  static let count = 50
  private static let callers = SmokeRun.isThis ? 60 : 200
  private static let now = 1_800_000_000

  let services: Int
  private let tokens: [[UInt8]]
  private var memories: [[[UInt8]: SignedToken.Claims]]
  private var verifications = 0
  private var next = 0

  /// - Parameter remembers: whether services have seen all tokens before.
  /// - Throws: `Accepted` where a token that must be refused isn't.
  init(
    _ point: Point, remembers: Bool, _ subject: (SignedRequests, [UInt8]) -> Int
  ) throws {
    services = point.value
    tokens = try (1...Self.callers).map {
      try SignedToken.made(for: $0, until: Self.now + 600, by: .es256)
    }
    memories = Array(repeating: [:], count: services)
    var forged = tokens[0]
    // A character of the claims.
    forged[forged.firstIndex(of: UInt8(ascii: "."))! + 9] ^= 1
    let other = try SignedToken.made(for: 1, until: Self.now + 600, by: .hs256)
    let old = try SignedToken.made(for: 1, until: Self.now - 1, by: .es256)
    for bad in [forged, other, old] where subject(self, bad) != 0 { throw Accepted() }
    if remembers { for token in tokens { _ = subject(self, token) } }
  }

  private struct Accepted: Error, CustomStringConvertible {
    var description: String { "a token that is forged or too old is accepted" }
  }

  var report: [String: Counter] {
    ["public-key operations per request": .count(Double(verifications) / Double(Self.count))]
  }

  func verified(_ token: [UInt8]) -> SignedToken.Claims? {
    verifications += 1
    return SignedToken.claims(of: token, by: .es256, at: Self.now)
  }

  func inner(_ claims: SignedToken.Claims) -> [UInt8]? {
    try? SignedToken.made(for: claims.subject, until: claims.expiry, by: .hs256)
  }

  func verifiedInner(_ token: [UInt8]) -> SignedToken.Claims? {
    SignedToken.claims(of: token, by: .hs256, at: Self.now)
  }

  /// What a service remembers of a token is only of tokens that it has verified.
  func remembered(_ token: [UInt8], in service: Int) -> SignedToken.Claims? {
    if let known = memories[service][token] { return known.expiry > Self.now ? known : nil }
    guard let claims = verified(token) else { return nil }
    memories[service][token] = claims
    return claims
  }

  /// - Returns: a digest of whom the services have taken the callers for.
  func served(by subject: (SignedRequests, [UInt8]) -> Int) -> UInt64 {
    (verifications, next) = (0, 0)
    var digest: UInt64 = 0
    for _ in 0..<Self.count {
      digest = mixed(digest ^ UInt64(subject(self, tokens[next])))
      next = (next + 17) % tokens.count
    }
    return digest
  }

  /// Nanoseconds of the steps that are no public-key operations.
  static func demands() throws -> [String: Double] {
    func each(_ body: () throws -> Void) rethrows -> Double {
      let start = Clock.now()
      for _ in 0..<1_000 { try body() }
      return Double(Clock.now() - start) / 1_000
    }
    let token = try SignedToken.made(for: 17, until: now + 600, by: .hs256)
    let outer = try (1...callers).map {
      try SignedToken.made(for: $0, until: now + 600, by: .hs256)
    }
    let memory = Dictionary(
      uniqueKeysWithValues: outer.map { ($0, SignedToken.claims(of: $0, by: .hs256, at: now)) })
    var (sum, place) = (0, 0)
    let looked = each {
      sum += (memory[outer[place]] ?? nil)?.subject ?? 0
      place = (place + 17) % outer.count
    }
    guard sum > 0 else { return [:] }
    return [
      "an inner token, verified": try each {
        guard SignedToken.claims(of: token, by: .hs256, at: now) != nil else { throw Accepted() }
      },
      "an inner token, made": try each {
        _ = try SignedToken.made(for: 17, until: now + 600, by: .hs256)
      },
      "claims, looked up": looked,
    ]
  }
}

import Testing

@testable import Platform

@Suite struct GzipTests {
  @Test(arguments: [0, 1, 1_000, 200_000])
  func packedBytesComeBack(_ count: Int) throws {
    var state: UInt64 = 1
    let bytes = (0..<count).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 60)
    }
    let packed = try Gzip.compress(bytes)
    #expect(packed.starts(with: [0x1f, 0x8b]))
    #expect(try Gzip.compress(bytes) == packed)
    #expect(try Gzip.decompress(packed) == bytes)
    if count >= 1_000 { #expect(packed.count < bytes.count) }
  }

  @Test func joinedMembersAreBothUnpacked() throws {
    let joined = try Gzip.compress([1, 2]) + Gzip.compress([3])
    #expect(try Gzip.decompress(joined) == [1, 2, 3])
  }

  @Test func everyPrefixIsTruncated() throws {
    let packed = try Gzip.compress(Array("perflab perflab".utf8))
    for length in 0..<packed.count {
      #expect(throws: GzipError.truncated(byteCount: length)) {
        try Gzip.decompress(Array(packed.prefix(length)))
      }
    }
  }

  @Test func whatIsNotGzipIsDamaged() throws {
    #expect(throws: GzipError.damaged(offset: 2)) {
      try Gzip.decompress(Array("{\"schema\": 1}".utf8))
    }
    var packed = try Gzip.compress(Array("perflab".utf8))
    packed[packed.count - 5] ^= 1
    #expect(throws: GzipError.self) { try Gzip.decompress(packed) }
    let trailing = try Gzip.compress([1]) + [0, 0, 0]
    #expect(throws: GzipError.self) { try Gzip.decompress(trailing) }
  }

  @Test func aBombIsStoppedAtTheLimit() throws {
    let packed = try Gzip.compress([UInt8](repeating: 0, count: 1 << 20))
    #expect(throws: GzipError.tooLarge(limit: 1 << 16)) {
      try Gzip.decompress(packed, limit: 1 << 16)
    }
    #expect(try Gzip.decompress(packed, limit: 1 << 20).count == 1 << 20)
  }
}

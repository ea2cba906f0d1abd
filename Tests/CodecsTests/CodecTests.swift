import Codecs
import Testing

@Suite struct CodecTests {
  static let codecs: [Codec] = [
    .lz4, .zlib(1), .zlib(6), .zlib(9), .zstd(1), .zstd(3), .zstd(19), .brotli(0), .brotli(5),
    .brotli(11),
  ]

  @Test(arguments: codecs, SampleData.allCases)
  func whatIsCompressedComesBack(codec: Codec, data: SampleData) throws {
    let bytes = data.bytes(8_000, seed: 3)
    let compressed = try codec.compressed(bytes)
    #expect(try codec.decompressed(compressed, count: bytes.count) == bytes)
    if data == .pictures {
      #expect(compressed.count > bytes.count)
    } else {
      #expect(compressed.count < bytes.count)
    }
  }

  @Test(arguments: codecs)
  func anEmptyBlockOrADamagedOneIsNoCrash(codec: Codec) throws {
    #expect(throws: CodecError.self) { try codec.decompressed([1, 2, 3, 4, 5], count: 100) }
    let compressed = try codec.compressed([7])
    #expect(try codec.decompressed(compressed, count: 1) == [7])
  }

  @Test func theSameSeedGivesTheSameBytes() {
    for data in SampleData.allCases {
      #expect(data.bytes(5_000, seed: 1) == data.bytes(5_000, seed: 1))
      #expect(data.bytes(5_000, seed: 1) != data.bytes(5_000, seed: 2))
      #expect(data.bytes(5_000, seed: 1).count == 5_000)
    }
  }

  @Test func aDictionaryHelpsSmallRecords() throws {
    let dictionary = try CodecDictionary(
      samples: SampleData.records(1_000, seed: 1), level: 3, capacity: 8 << 10)
    var output = [UInt8](repeating: 0, count: 4_000)
    var (alone, trained) = (0, 0)
    for record in SampleData.records(50, seed: 2) {
      alone += try Codec.zstd(3).compressed(record).count
      trained += dictionary.compress(record, into: &output)
    }
    #expect(2 * trained < alone)
  }

  @Test func tooFewSamplesAreRefused() {
    #expect(throws: CodecError.self) {
      try CodecDictionary(samples: [[1]], level: 3, capacity: 1 << 10)
    }
  }
}

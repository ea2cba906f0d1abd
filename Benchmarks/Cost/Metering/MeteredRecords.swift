import Codecs
import Harness
import Platform
import Results

extension MeteredCase {
  /// Pieces of some hundred bytes.
  static let records = [smallRecords, smallResponses]

  private static let smallRecords = MeteredCase(
    .smallRecordDictionary, at: 100, "each by itself", "with a dictionary"
  ) { option, seed in
    let (records, codec) = (SampleData.records(400, seed: seed), Codec.zstd(3))
    let dictionary = try CodecDictionary(
      samples: SampleData.records(2_000, seed: seed &+ 1), level: 3, capacity: 16 << 10)
    let isTrained = option == "with a dictionary"
    var output = [UInt8](repeating: 0, count: codec.bound(2_000))
    return {
      let start = ProcessorTimes.ofThread()
      let packed = records.reduce(0) { sum, record in
        sum
          + (isTrained
            ? dictionary.compress(record, into: &output) : codec.compress(record, into: &output))
      }
      let time = Double(ProcessorTimes.ofThread() - start) / Double(records.count)
      let ratio = Double(records.reduce(0) { $0 + $1.count }) / Double(packed)
      // A thousand million records of 300 bytes, written 0.2 times and read 100 times a month.
      return try kept("database.storage", 300e9 / ratio) + cores(.exactly(1e9 * 100.2 * time))
    }
  }

  /// What a page computes from the ratios of records of 300 bytes and of blocks of 64 KiB.
  private static let smallResponses = MeteredCase(
    .compressThreshold, at: 512, "plain", "compressed"
  ) { option, seed in
    let blocks = PackedBlocks(.json, .zstd(3), seed: seed, count: 200, bytes: 512)
    return {
      guard option == "compressed" else { return try egress(1e9 * (250 + 512)) }
      let packed = try blocks.pack()
      // The header that names the codec has 24 bytes.
      return try egress(1e9 * (250 + 24 + 512 / packed.ratio))
        + cores(.exactly(1e9 * 512 * packed.nanoseconds))
    }
  }
}

import Codecs
import Platform

/// Blocks of 64 KiB of seeded data, which a codec compresses and decompresses.
final class PackedBlocks {
  private let codec: Codec
  private let blocks: [[UInt8]]
  private var packed: [[UInt8]] = []

  /// - Parameters:
  ///   - seed: another one than that of the machine's rates, so that the data are others.
  ///   - bytes: of a block.
  init(
    _ data: SampleData, _ codec: Codec, seed: UInt64, count: Int = 2, bytes: Int = 64 << 10
  ) {
    self.codec = codec
    blocks = (0..<count).map { data.bytes(bytes, seed: seed &+ UInt64($0)) }
  }

  private var size: Double { Double(blocks.reduce(0) { $0 + $1.count }) }

  /// Compresses all of them.
  /// - Returns: bytes ÷ compressed bytes, and processor nanoseconds for a byte.
  func pack() throws -> (ratio: Double, nanoseconds: Double) {
    let start = ProcessorTimes.ofThread()
    packed = try blocks.map { try codec.compressed($0) }
    let time = Double(ProcessorTimes.ofThread() - start)
    return (size / Double(packed.reduce(0) { $0 + $1.count }), time / size)
  }

  /// Decompresses what was compressed last.
  /// - Returns: processor nanoseconds for a byte that comes out.
  func unpack() throws -> Double {
    let start = ProcessorTimes.ofThread()
    for (block, compressed) in zip(blocks, packed) {
      guard try codec.decompressed(compressed, count: block.count) == block else {
        fatalError("a codec gives back other data")
      }
    }
    return Double(ProcessorTimes.ofThread() - start) / size
  }
}

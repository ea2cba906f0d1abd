import FoundationEssentials
import Harness
import Results
import Statistics
import SwiftProtobuf

/// Messages of one kind that are encoded, decoded and digested one after the other.
final class Traffic {
  static let count = 16
  /// Of a message, on average.
  private(set) var bytes = 0.0
  private let one: (_ index: Int) throws -> (digest: UInt64, bytes: Int)

  /// - Parameters:
  ///   - point: its value chooses the kind.
  ///   - codec: encodes and decodes.
  init(_ point: Point, _ codec: Codec) {
    var random = point.generator()
    func messages<Message>(_ make: (inout SeededGenerator) -> Message) -> [Message] {
      (0..<Self.count).map { _ in make(&random) }
    }
    one =
      switch point.value {
      case 0: codec.passing(messages(Order.init), PBOrder.init)
      case 1: codec.passing(messages(Readings.init), PBReadings.init)
      default: codec.passing(messages(Article.init), PBArticle.init)
      }
  }

  func pass() throws -> UInt64 {
    var (sum, bytes) = (UInt64(0), 0)
    for index in 0..<Self.count {
      let result = try one(index)
      sum &+= result.digest
      bytes += result.bytes
    }
    self.bytes = Double(bytes) / Double(Self.count)
    return sum
  }
}

/// How messages become bytes and messages again.
enum Codec {
  case foundation, handWritten, protobuf

  func passing<Own: Codable & Sent & HandWritten, Generated: Message & Sent>(
    _ messages: [Own], _ generate: (Own) -> Generated
  ) -> (_ index: Int) throws -> (digest: UInt64, bytes: Int) {
    switch self {
    case .foundation: return foundationJSON(messages)
    case .handWritten: return handWrittenJSON(messages)
    case .protobuf: return generatedProtobuf(messages.map(generate))
    }
  }
}

private func foundationJSON<Own: Codable & Sent>(
  _ messages: [Own]
) -> (_ index: Int) throws -> (digest: UInt64, bytes: Int) {
  let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
  return { index in
    let data = try encoder.encode(messages[index])
    return (try decoder.decode(Own.self, from: data).digest, data.count)
  }
}

private func handWrittenJSON<Own: HandWritten & Sent>(
  _ messages: [Own]
) -> (_ index: Int) throws -> (digest: UInt64, bytes: Int) {
  var text = JSONText()
  return { index in
    text.clear()
    messages[index].write(to: &text)
    // Its end, for the scanner.
    text.literal("\0")
    let digest = try text.bytes.withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(bytes)
      return try Own(from: &scanner).digest
    }
    return (digest, text.bytes.count - 1)
  }
}

private func generatedProtobuf<Generated: Message & Sent>(
  _ messages: [Generated]
) -> (_ index: Int) throws -> (digest: UInt64, bytes: Int) {
  { index in
    let bytes: [UInt8] = try messages[index].serializedBytes()
    return (try Generated(serializedBytes: bytes).digest, bytes.count)
  }
}

import Harness

/// CSV files of the same size, all different: a branch predictor memorises a small file that it
/// sees again and again, which no program's input is.
struct CSVFiles: Sendable {
  /// Mean bytes of a record: number, quoted name with a comma, date, amount, city. 6 + 2 × 5.5 +
  /// 4 (quotes, comma, blank) + 10 + 5 + 7 and five boundaries.
  static let recordLength = 48.0
  /// What ends at a varying place in a record: number, both parts of the name, amount, city.
  static let varyingFields = 5.0
  /// Some twenty thousand records, more than a branch predictor memorises; a longer file repeats
  /// them.
  private static let distinctBytes = 1 << 20

  private let bytes: AlignedBuffer<UInt8>
  private let count: Int

  /// A point's value is the size of one file in bytes.
  init(_ point: Point) {
    count = Self.passes(point.value).count
    bytes = Self.text(of: Self.total(point.value), point)
  }

  /// Bytes of all files, where one has `size`.
  static func total(_ size: Int) -> Int { passes(size).count * size }

  private static func passes(_ size: Int) -> Passes { Passes(over: size, toReach: 1 << 19) }

  /// The sum of what `scan` gives for each file.
  func sum(_ scan: (UnsafeBufferPointer<UInt8>) -> Int) -> Int {
    let bytes = bytes.opaqueElements
    let size = bytes.count / count
    var sum = 0
    for file in 0..<count {
      sum &+= scan(UnsafeBufferPointer(rebasing: bytes[file * size..<(file + 1) * size]))
    }
    return sum
  }

  private static func text(of bytes: Int, _ point: Point) -> AlignedBuffer<UInt8> {
    var random = point.generator()
    let distinct = min(bytes, distinctBytes)
    var text: [UInt8] = []
    text.reserveCapacity(distinct + 64)
    func letters(_ lengths: ClosedRange<Int>, from characters: ClosedRange<UInt8>) {
      for _ in 0..<Int.random(in: lengths, using: &random) {
        text.append(.random(in: characters, using: &random))
      }
    }
    let (digits, small) = (
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z")
    )
    while text.count < distinct {
      letters(4...8, from: digits)
      text += ",\"".utf8
      letters(3...8, from: small)
      text += ", ".utf8
      letters(3...8, from: small)
      text += "\",2026-05-17,".utf8
      letters(3...7, from: digits)
      text += ",".utf8
      letters(4...10, from: small)
      text += "\n".utf8
    }
    return AlignedBuffer(count: bytes, distinct: text.count) { text[$0] }
  }
}

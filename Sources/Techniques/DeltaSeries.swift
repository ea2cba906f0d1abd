/// A series of whole numbers at times, packed by what changes: times by the difference of their
/// differences, values by their differences, both as variable-length integers of one byte for small
/// ones. Only appended to, and read from the beginning.
///
///     var series = DeltaSeries()
///     series.append(time: 1_700_000_000, value: 20_500)
///     for point in series { … point.time, point.value }
///
/// Source: the idea of Pelkonen and others, *Gorilla: A Fast, Scalable, In-Memory Time Series
/// Database*, VLDB 2015, by bytes in place of bits; zigzag and base 128 as in Protocol Buffers.
public struct DeltaSeries: Sendable {
  /// What is stored.
  public private(set) var bytes: [UInt8] = []
  /// Points in it.
  public private(set) var count = 0
  private var last = State()

  fileprivate struct State {
    var time = 0
    var step = 0
    var value = 0
  }

  /// One without points.
  public init() {}

  /// One that was stored, to be read: nothing can be appended.
  /// - Parameter bytes: of another series.
  public static func stored(_ bytes: [UInt8]) -> some Sequence<Point> { Stored(bytes: bytes) }

  /// Adds a point.
  /// - Parameter time: in any unit; regular steps take one byte each.
  public mutating func append(time: Int, value: Int) {
    let step = time &- last.time
    Self.write(step &- last.step, to: &bytes)
    Self.write(value &- last.value, to: &bytes)
    last = State(time: time, step: step, value: value)
    count += 1
  }

  /// 0, −1, 1, −2 … become 0, 1, 2, 3 …, seven bits to a byte, the lowest first.
  private static func write(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt(bitPattern: number << 1 ^ number >> (Int.bitWidth - 1))
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension DeltaSeries: Sequence {
  /// A point.
  public struct Point: Sendable, Equatable {
    /// As it was appended.
    public let time: Int
    /// As it was appended.
    public let value: Int

    /// A value at a time.
    public init(time: Int, value: Int) {
      self.time = time
      self.value = value
    }
  }

  /// Points from the first on.
  public struct Iterator: IteratorProtocol {
    private let bytes: [UInt8]
    private var place = 0
    private var last = State()

    fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next one; nil behind the last.
    public mutating func next() -> Point? {
      guard place < bytes.count else { return nil }
      last.step &+= read()
      last.time &+= last.step
      last.value &+= read()
      return Point(time: last.time, value: last.value)
    }

    private mutating func read() -> Int {
      var (number, shift) = (UInt(0), 0)
      while true {
        let byte = bytes[place]
        place += 1
        number |= UInt(byte & 127) << UInt(shift)
        if byte < 128 { break }
        shift += 7
      }
      return Int(bitPattern: number >> 1) ^ -Int(bitPattern: number & 1)
    }
  }

  /// See `Sequence`.
  public func makeIterator() -> Iterator { Iterator(bytes) }
}

private struct Stored: Sequence {
  let bytes: [UInt8]
  func makeIterator() -> DeltaSeries.Iterator { DeltaSeries.Iterator(bytes) }
}

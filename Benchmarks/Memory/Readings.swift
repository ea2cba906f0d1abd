import Harness

/// A meter, and the readings that a kernel adds to its sum or counts by class.
struct Readings {
  /// Readings in one kernel call.
  static let count = 2_048
  /// Different readings, a power of two.
  static let kinds = 64

  let meter = Meter()
  private let values: AlignedBuffer<Int>
  private let isNumber: Bool
  /// The class of a reading.
  private let scale: (Int) -> Int

  /// A point's value is 0 where readings are added, and 1 where they are counted.
  init(_ point: Point) {
    isNumber = point.value == 0
    var generator = point.generator()
    values = AlignedBuffer(count: Self.count) { _ in Int(generator.next() % UInt64(Self.kinds)) }
    let mask = opaque(Self.kinds - 1)
    scale = { $0 & mask }
  }

  /// Runs the kernel of the point.
  @inline(__always)
  func run(
    number: (Meter, Span<Int>) -> Int, array: (Meter, Span<Int>, (Int) -> Int) -> Int
  ) -> Int {
    let span = values.opaqueElements.span
    return isNumber ? number(meter, span) : array(meter, span, scale)
  }

  /// Depends on every count and its position.
  static func digest(_ counts: [Int]) -> Int { counts.reduce(0) { $0 &* 31 &+ $1 } }
}

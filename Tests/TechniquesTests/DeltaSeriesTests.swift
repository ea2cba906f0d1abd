import Techniques
import Testing

@Suite struct DeltaSeriesTests {
  private func packed(_ points: [(time: Int, value: Int)]) -> DeltaSeries {
    var series = DeltaSeries()
    for point in points { series.append(time: point.time, value: point.value) }
    return series
  }

  @Test func pointsComeBackAsTheyWere() {
    let points = [
      (0, 0), (60, -1), (120, 1), (180, .max), (240, .min), (239, 0), (.max, 5), (.min, 5),
    ]
    let series = packed(points)
    #expect(series.count == points.count)
    let expected = points.map { [$0.0, $0.1] }
    #expect(series.map { [$0.time, $0.value] } == expected)
    #expect(DeltaSeries.stored(series.bytes).map { [$0.time, $0.value] } == expected)
  }

  @Test func anEmptySeriesHasNoPoints() {
    #expect(Array(DeltaSeries()).isEmpty && DeltaSeries().bytes.isEmpty)
  }

  @Test func aRegularSeriesOfAConstantTakesTwoBytesAPoint() {
    let series = packed((0..<1_000).map { ($0 * 60, 7) })
    // Only the first step and the first value take more, at most.
    #expect(series.bytes.count <= 2 * 1_000 + 4)
  }

  @Test(arguments: [(63, 1), (-64, 1), (64, 2), (-65, 2), (8_191, 2), (8_192, 3)])
  func aDifferenceTakesAByteForSevenBits(value: Int, bytes: Int) {
    #expect(packed([(0, value)]).bytes.count == 1 + bytes)
  }
}

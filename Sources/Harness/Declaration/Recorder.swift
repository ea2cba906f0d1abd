import Histogram
import Results

/// Records what a kernel observes, such as latencies, into an HdrHistogram of three significant
/// digits. For one thread at a time.
public final class Recorder {
  private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

  /// Without observations.
  public init() {}

  /// Nanoseconds, bytes: a whole number, at least zero.
  public func record(_ value: Int) { histogram.record(UInt64(max(0, value))) }

  /// What was recorded since the last call, which is forgotten.
  public func taken() -> Distribution {
    defer { histogram.reset() }
    return Distribution(
      histogram.recordedValues().map { (value: Double($0.value), count: Int($0.count)) })
  }
}

import CPerflab

/// The monotonic raw clock: never stepped, never slewed.
public enum Clock {
  /// Nanoseconds since some fixed moment.
  @inlinable
  public static func now() -> UInt64 { perflab_now() }
}

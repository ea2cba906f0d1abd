/// How long a page may lie unread before the drive is cheaper for it than memory.
///
/// Source: Gray and Putzolu, *The 5 Minute Rule for Trading Memory for Disc Accesses*, SIGMOD 1987;
/// in this form Gray and Graefe, SIGMOD Record 26(4), 1997.
public enum FiveMinuteRule {
  /// The interval between two reads, in seconds, at which both cost the same.
  /// - Parameters:
  ///   - pagesPerMegabyte: 256 for pages of 4 KiB.
  ///   - readsPerSecond: random reads of a page that the drive does.
  ///   - drive: what it costs.
  ///   - megabyte: what a megabyte of memory costs, in the same unit.
  public static func seconds(
    pagesPerMegabyte: Double, readsPerSecond: Double, drive: Double, megabyte: Double
  ) -> Double {
    pagesPerMegabyte / readsPerSecond * (drive / megabyte)
  }
}

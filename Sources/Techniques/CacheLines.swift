import CPerflab

/// What a program may say about cache lines that Swift itself has no words for.
public enum CacheLines {
  /// Asks for the line at an address, so that a read some hundred nanoseconds later finds it in
  /// the first-level cache. Any address is allowed, mapped or not; the call never waits.
  ///
  /// It pays where the address is known well before its use, the line is likely to be far, and
  /// the processor can't see the coming read by itself. Everywhere else it costs an instruction.
  @inlinable @inline(__always)
  public static func prefetch(_ address: UnsafeRawPointer) { perflab_prefetch(address) }

  /// Copies past the caches, for results that are larger than the last one and are not read soon:
  /// the target's lines are not fetched before they are overwritten, and the caches keep what
  /// they hold. A copy that is read soon is better made the ordinary way.
  ///
  /// - Parameters:
  ///   - source, target: aligned to 64 bytes, of the same size, a multiple of 64, and apart.
  public static func copyPastCaches(
    _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) {
    checked(source, target) { perflab_copy_streaming($0, $1, $2) }
  }

  /// The same loop as `copyPastCaches` with ordinary stores, to compare with.
  public static func copyThroughCaches(
    _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) {
    checked(source, target) { perflab_copy_ordinary($0, $1, $2) }
  }

  @inline(__always)
  private static func checked(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer,
    _ copy: (UnsafeMutableRawPointer, UnsafeRawPointer, Int) -> Void
  ) {
    precondition(source.count == target.count, "\(source.count) bytes into \(target.count)")
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    let bits = UInt(bitPattern: from) | UInt(bitPattern: to) | UInt(source.count)
    precondition(bits % 64 == 0, "a copy of lines is of whole and aligned lines")
    // SAFETY: both ranges are the callers', whole lines, and apart by contract.
    copy(to, from, source.count)
  }
}

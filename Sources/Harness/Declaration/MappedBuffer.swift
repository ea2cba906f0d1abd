import Platform
import Results

/// As `AlignedBuffer`, with a say in its pages: for experiments whose subject they are.
public final class MappedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  // SAFETY (@unchecked): the owner's kernels decide who writes what, as with any shared memory.

  /// Which pages to ask for.
  public enum Pages: Sendable {
    /// Ordinary pages only, whatever the system's setting.
    case small
    /// Transparent huge pages; the kernel may still give small ones.
    case transparentHuge
  }

  private let memory: MappedMemory
  /// Valid while the buffer lives. All bytes are zero, and no page exists before it is touched.
  public let elements: UnsafeMutableBufferPointer<Element>

  /// Maps fresh memory.
  /// - Throws: `SystemError` where the kernel refuses the size or the advice.
  public init(count: Int, pages: Pages) throws {
    memory = try MappedMemory(
      byteCount: max(1, count * MemoryLayout<Element>.stride),
      pages: pages == .small ? .small : .transparentHuge)
    // SAFETY: of that size, zeroed, aligned to a page, and nothing else refers to it.
    elements = UnsafeMutableBufferPointer(
      start: memory.start.bindMemory(to: Element.self, capacity: count), count: count)
  }

  /// Bytes that are in transparent huge pages now, for a variant's `report`.
  public func hugeBytes() -> Counter {
    guard let bytes = memory.hugeBytes() else {
      return Counter(unavailable: "/proc/self/smaps cannot be read", unit: .bytes)
    }
    return Counter(Double(bytes), unit: .bytes)
  }
}

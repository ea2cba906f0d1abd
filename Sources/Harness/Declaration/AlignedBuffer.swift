import Platform

/// Memory for a kernel's input: aligned, written by its maker and so mapped, freed with its owner.
///
/// An array's elements begin 32 bytes into a heap block, so that wide loads cross cache lines; and
/// an array's buffer may be shared. This one is at the alignment asked for and has one owner.
///
///     let floats = AlignedBuffer(count: 4_096) { Float($0) }
///     total(floats.opaqueElements.span)
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  // SAFETY (@unchecked): the owner's kernels decide who writes what, as with any shared memory.

  /// Valid while the buffer lives.
  public let elements: UnsafeMutableBufferPointer<Element>

  /// Allocates, and writes each element in order.
  ///
  /// Inlinable, so that a large input is not made by a call through a closure for each element.
  /// - Parameter alignment: in bytes, a power of two.
  @inlinable
  public init(count: Int, alignment: Int = 64, _ element: (_ index: Int) -> Element) {
    elements = Self.allocate(count, alignment)
    let first = elements.baseAddress!
    // SAFETY: the block holds `count` elements and nothing else refers to it.
    for index in 0..<count { (first + index).initialize(to: element(index)) }
  }

  /// Allocates, and writes the same `distinct` elements over and over: for a large input of which
  /// all that matters is that its elements are not alike. Copying them takes a fraction of the time
  /// of drawing new ones.
  /// - Parameter distinct: at least one, and more than a kernel, a branch predictor or a cache could
  ///   learn by heart.
  @inlinable
  public init(
    count: Int, alignment: Int = 64, distinct: Int, _ element: (_ index: Int) -> Element
  ) {
    elements = Self.allocate(count, alignment)
    let first = elements.baseAddress!
    let written = min(count, distinct)
    // SAFETY: the block holds `count` elements and nothing else refers to it.
    for index in 0..<written { (first + index).initialize(to: element(index)) }
    for start in stride(from: written, to: count, by: distinct) {
      (first + start).initialize(from: first, count: min(distinct, count - start))
    }
  }

  @usableFromInline
  static func allocate(_ count: Int, _ alignment: Int) -> UnsafeMutableBufferPointer<Element> {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, count * MemoryLayout<Element>.stride),
      alignment: max(alignment, MemoryLayout<Element>.alignment))
    MappedMemory.populate(bytes)
    return UnsafeMutableBufferPointer(
      start: bytes.baseAddress!.bindMemory(to: Element.self, capacity: count), count: count)
  }

  deinit { UnsafeMutableRawPointer(elements.baseAddress!).deallocate() }

  /// Number of elements.
  public var count: Int { elements.count }

  /// All elements, of a count that the optimiser does not know: a kernel that only reads would
  /// otherwise be moved out of the loop that repeats it.
  @inlinable
  public var opaqueElements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: elements.baseAddress, count: opaque(elements.count))
  }
}

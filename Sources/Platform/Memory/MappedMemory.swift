import CPerflab

/// Which pages a mapping is to be made of.
public enum PagePolicy: Equatable, Sendable {
  /// Whatever the system's setting gives.
  case system
  /// Ordinary pages only.
  case small
  /// Transparent huge pages, if the setting is `madvise` or `always`. The kernel may still give
  /// small ones: `MappedMemory.hugeBytes` says which.
  case transparentHuge
  /// Pages of the hugetlb pool. Mapping fails where the pool has too few.
  case hugetlb
}

/// A piece of fresh, zeroed memory of its own, with a say in its pages and its place.
public struct MappedMemory: ~Copyable {
  /// The first byte; on a huge page's boundary where huge pages were asked for.
  public let start: UnsafeMutableRawPointer
  /// As asked for. At least one.
  public let byteCount: Int
  private let mapping: (start: UnsafeMutableRawPointer, byteCount: Int)

  /// Bytes of a huge page on x86-64, and on arm64 with pages of 4 KiB.
  public static let hugePageBytes = 2 << 20

  /// Maps memory; no page of it exists before it is touched.
  /// - Throws: `SystemError` where the kernel refuses the size, the pages or the place.
  public init(
    byteCount: Int, pages: PagePolicy = .system, policy: MemoryPolicy = .firstTouch
  ) throws(SystemError) {
    precondition(byteCount > 0, "a mapping of zero bytes")
    let isHuge = pages == .transparentHuge || pages == .hugetlb
    let grain = isHuge ? Self.hugePageBytes : Int(perflab_page_bytes())
    let rounded = (byteCount + grain - 1) / grain * grain
    // The kernel aligns hugetlb by itself; for the others a spare huge page lets us do it.
    let mapped = pages == .transparentHuge ? rounded + grain : rounded
    var result: UnsafeMutableRawPointer?
    let error = perflab_map(mapped, pages == .hugetlb ? 1 : 0, &result)
    guard error == 0, let result else {
      throw SystemError(call: "mmap of \(mapped) bytes", errno: error)
    }
    do throws(SystemError) {
      try Self.prepare(result, mapped, pages, policy)
    } catch {
      _ = perflab_unmap(result, mapped)
      throw error
    }
    mapping = (result, mapped)
    start = result.alignedUp(toMultipleOf: pages == .transparentHuge ? grain : 1)
    self.byteCount = byteCount
  }

  deinit { _ = perflab_unmap(mapping.start, mapping.byteCount) }

  /// Advice to the kernel about a mapping. Source: madvise(2).
  public enum Advice: Equatable, Sendable {
    /// Transparent huge pages are wanted, or not.
    case huge, noHuge
    /// Make huge pages of what is there now (Linux 6.1).
    case collapse
    /// How it will be read.
    case sequential, random, willNeed
    /// Give the pages back; they read as zeros afterwards.
    case dontNeed
    /// Make all pages now (Linux 5.14).
    case populate

    var code: perflab_advice {
      switch self {
      case .huge: PERFLAB_ADVISE_HUGE
      case .noHuge: PERFLAB_ADVISE_NO_HUGE
      case .collapse: PERFLAB_ADVISE_COLLAPSE
      case .sequential: PERFLAB_ADVISE_SEQUENTIAL
      case .random: PERFLAB_ADVISE_RANDOM
      case .willNeed: PERFLAB_ADVISE_WILL_NEED
      case .dontNeed: PERFLAB_ADVISE_DONT_NEED
      case .populate: PERFLAB_ADVISE_POPULATE
      }
    }
  }

  /// Gives the kernel advice about the whole mapping.
  /// - Throws: `SystemError` where it knows no such advice or can't follow it.
  public borrowing func advise(_ advice: Advice) throws(SystemError) {
    try Self.advise(mapping.start, mapping.byteCount, advice)
  }

  /// Makes the whole pages of a large piece of the caller's memory in one call rather than by a
  /// fault for each, the same pages as a touch would make. What they hold stays. Does nothing
  /// where it would not pay or the kernel can't (before Linux 5.14).
  public static func populate(_ bytes: UnsafeMutableRawBufferPointer) {
    let page = Int(perflab_page_bytes())
    guard bytes.count >= hugePageBytes, let first = bytes.baseAddress else { return }
    let start = first.alignedUp(toMultipleOf: page)
    let whole = (first + bytes.count - start) / page * page
    try? advise(start, whole, .populate)
  }

  /// Bytes of it that are in transparent huge pages now; nil where the kernel does not report it.
  public borrowing func hugeBytes() -> Int? {
    MemoryMaps.anonymousHugeBytes(from: mapping.start, byteCount: mapping.byteCount)
  }

  /// The node of each page; nil for pages that aren't there.
  /// - Throws: `SystemError` where the kernel knows no nodes.
  public borrowing func nodes() throws(SystemError) -> [Int?] {
    let page = Int(perflab_page_bytes())
    return try NUMA.locate(stride(from: 0, to: byteCount, by: page).map { start + $0 })
  }

  private static func prepare(
    _ start: UnsafeMutableRawPointer, _ byteCount: Int, _ pages: PagePolicy,
    _ policy: MemoryPolicy
  ) throws(SystemError) {
    switch pages {
    case .transparentHuge: try advise(start, byteCount, .huge)
    case .small: try advise(start, byteCount, .noHuge)
    case .system, .hugetlb: break
    }
    switch policy {
    case .firstTouch: break
    case .bind(let nodes): try place(start, byteCount, PERFLAB_PLACE_BIND, nodes)
    case .interleave(let nodes): try place(start, byteCount, PERFLAB_PLACE_INTERLEAVE, nodes)
    case .prefer(let node): try place(start, byteCount, PERFLAB_PLACE_PREFER, [node])
    }
  }

  private static func advise(
    _ start: UnsafeMutableRawPointer, _ byteCount: Int, _ advice: Advice
  ) throws(SystemError) {
    let error = perflab_advise(start, byteCount, advice.code)
    if error != 0 { throw SystemError(call: "madvise \(advice)", errno: error) }
  }

  private static func place(
    _ start: UnsafeMutableRawPointer, _ byteCount: Int, _ placement: perflab_placement,
    _ nodes: [Int]
  ) throws(SystemError) {
    let error = perflab_numa_place(start, byteCount, placement, try NUMA.mask(of: nodes))
    if error != 0 { throw SystemError(call: "mbind to nodes \(nodes)", errno: error) }
  }
}

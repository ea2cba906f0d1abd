import Glibc
import Results

/// What can be asked of the allocator of this process, whichever was preloaded.
public enum ProcessHeap {
  /// Bytes that the allocator set aside for a block; nil where it does not report it.
  public static func allocatedBytes(of block: UnsafeMutableRawPointer) -> Int? {
    typealias Size = @convention(c) (UnsafeMutableRawPointer) -> Int
    // SAFETY: `size_t malloc_usable_size(void *)`, malloc_usable_size(3); `dlsym` finds that of
    // the allocator that is in use.
    return dlsym(nil, "malloc_usable_size").map { unsafeBitCast($0, to: Size.self)(block) }
  }

  /// Asks the allocator to return to the system what it can.
  ///
  /// Sources: mimalloc.h, gperftools' malloc_extension_c.h, jemalloc(3), malloc_trim(3).
  public static func giveBackPages() {
    typealias Collect = @convention(c) (Bool) -> Void
    typealias Release = @convention(c) () -> Void
    typealias Trim = @convention(c) (Int) -> Int32
    typealias Control =
      @convention(c) (
        UnsafePointer<CChar>, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?,
        UnsafeMutableRawPointer?, Int
      ) -> Int32
    // SAFETY: the functions' documented types.
    if let collect = dlsym(nil, "mi_collect") {
      unsafeBitCast(collect, to: Collect.self)(true)
    } else if let release = dlsym(nil, "MallocExtension_ReleaseFreeMemory") {
      unsafeBitCast(release, to: Release.self)()
    } else if let control = dlsym(nil, "mallctl") {
      let call = unsafeBitCast(control, to: Control.self)
      _ = call("thread.tcache.flush", nil, nil, nil, 0)
      // 4096 is MALLCTL_ARENAS_ALL.
      _ = call("arena.4096.purge", nil, nil, nil, 0)
    } else if let trim = dlsym(nil, "malloc_trim") {
      _ = unsafeBitCast(trim, to: Trim.self)(0)
    }
  }

  /// What jemalloc says of itself, in bytes; empty under another allocator.
  ///
  /// `allocated` is what the program holds, `active` the pages with any of it, `resident` what of
  /// all that jemalloc has is in memory, `retained` address space kept without memory.
  /// Source: jemalloc(3), stats.allocated and those after it.
  public static func jemallocStatistics() -> [String: Counter] {
    typealias Control =
      @convention(c) (
        UnsafePointer<CChar>, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?,
        UnsafeMutableRawPointer?, Int
      ) -> Int32
    guard let control = dlsym(nil, "mallctl") else { return [:] }
    // SAFETY: the function's documented type.
    let call = unsafeBitCast(control, to: Control.self)
    var epoch: UInt64 = 1
    // The statistics are those of the last epoch: begin a new one.
    _ = call("epoch", nil, nil, &epoch, MemoryLayout<UInt64>.size)
    var statistics: [String: Counter] = [:]
    for name in ["allocated", "active", "resident", "retained"] {
      var bytes = 0
      var size = MemoryLayout<Int>.size
      let error = call("stats.\(name)", &bytes, &size, nil, 0)
      statistics["jemalloc \(name)"] =
        error == 0
        ? Counter(Double(bytes), unit: .bytes)
        : Counter(unavailable: "this jemalloc was built without statistics", unit: .bytes)
    }
    return statistics
  }

  /// Resident bytes that belong to no file, counted from the page tables and so exact, unlike
  /// those of `residentMemory`; nil where the kernel does not report them. Takes some milliseconds
  /// per gibibyte.
  ///
  /// Source: `Anonymous` of /proc/self/smaps_rollup, proc(5).
  public static func residentAnonymousBytes() -> Int? {
    let file = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 4_096)
    let length = read(file, &text, text.count)
    for line in text.prefix(max(0, length)).split(separator: UInt8(ascii: "\n"))
    where line.starts(with: "Anonymous:".utf8) {
      let digits = line.filter { $0 >= 48 && $0 <= 57 }
      return Int(String(decoding: digits, as: UTF8.self)).map { $0 << 10 }
    }
    return nil
  }
}

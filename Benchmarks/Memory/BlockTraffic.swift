/// Blocks that come and go, by size and by the threads that allocate them.
enum BlockTraffic: String, CaseIterable {
  case small = "16–1,040 bytes"
  case large = "256 KiB, each page touched"
  case shared = "64 KiB, two threads"

  var threads: Int { self == .shared ? 2 : 1 }
  /// Blocks that one thread allocates and frees in a kernel call.
  var steps: Int { self == .small ? 8_192 : self == .large ? 16 : 512 }
  /// Of a block; the largest of the small ones.
  var bytes: Int { self == .small ? 1_040 : self == .large ? 256 << 10 : 64 << 10 }
}

/// What the kernel says about this process's mappings. Source: `/proc/self/smaps`, proc(5).
public enum MemoryMaps {
  /// Bytes in transparent huge pages of all mappings that overlap a range; nil where the file
  /// can't be read. A mapping counts as a whole: the file does not say which part is huge.
  public static func anonymousHugeBytes(
    from start: UnsafeRawPointer, byteCount: Int
  ) -> Int? {
    guard case .success(let content) = TextFile.bytes("/proc/self/smaps") else { return nil }
    let first = UInt(bitPattern: start)
    return anonymousHugeBytes(in: first..<(first + UInt(byteCount)), smaps: content)
  }

  static func anonymousHugeBytes(in range: Range<UInt>, smaps: [UInt8]) -> Int? {
    var total = 0
    var overlaps = false
    for line in smaps.split(separator: UInt8(ascii: "\n")) {
      if let mapping = mapping(line) {
        overlaps = mapping.overlaps(range)
      } else if overlaps, line.starts(with: "AnonHugePages:".utf8) {
        let digits = line.filter { $0 >= 48 && $0 <= 57 }
        guard let kibibytes = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        total += kibibytes << 10
      }
    }
    return total
  }

  /// `7f0000000000-7f0000200000 rw-p …`; nil for any other line.
  private static func mapping(_ line: ArraySlice<UInt8>) -> Range<UInt>? {
    let parts = line.prefix { $0 != UInt8(ascii: " ") }.split(separator: UInt8(ascii: "-"))
    guard parts.count == 2, let low = UInt(String(decoding: parts[0], as: UTF8.self), radix: 16),
      let high = UInt(String(decoding: parts[1], as: UTF8.self), radix: 16), low <= high
    else { return nil }
    return low..<high
  }
}

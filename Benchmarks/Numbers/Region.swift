import Glibc
import Harness

/// Anonymous memory of its own, touched, and given back when it goes; zeroed unless that is declined.
final class Region {
  enum Pages {
    /// Ordinary pages, whatever the system's default is.
    case base
    /// Transparent huge pages; refused where the kernel does not give them.
    case huge
    /// What an ordinary allocation gets here.
    case ordinary
  }

  static let hugePageBytes = 2 << 20
  let bytes: Int
  private let mapping: Mapping
  private let kept: KeptMemory?

  var start: UnsafeMutableRawPointer { mapping.start }

  /// - Parameters:
  ///   - kept: where it is taken from if there is some, and goes back to.
  ///   - zeroed: whether memory that was used before is cleared.
  init(
    _ bytes: Int, pages: Pages = .ordinary, from kept: KeptMemory? = nil, zeroed: Bool = true
  ) throws {
    let grain = Self.hugePageBytes
    self.bytes = (max(bytes, 1) + grain - 1) / grain * grain
    self.kept = kept
    if let mapping = kept?.take(self.bytes, pages) {
      self.mapping = mapping
      if zeroed { memset(mapping.start, 0, self.bytes) }
      return
    }
    let mapping = try Mapping(self.bytes, pages)
    mapping.touch()
    do { if pages == .huge { try mapping.proveHugePages() } } catch {
      mapping.unmap()
      throw error
    }
    self.mapping = mapping
  }

  deinit {
    if let kept { kept.give(mapping) } else { mapping.unmap() }
  }
}

extension Mapping {
  /// The kernel may quietly give small pages; then there is no number for large ones.
  fileprivate func proveHugePages() throws {
    guard let huge = hugeBytes(around: start) else {
      throw ProbeUnavailable("/proc/self/smaps does not report the page size")
    }
    // A share below all is possible where memory is fragmented; nine tenths is a clear majority.
    guard huge * 10 >= bytes * 9 else {
      throw ProbeUnavailable("only \(huge >> 20) of \(bytes >> 20) MiB are in huge pages")
    }
  }
}

/// `AnonHugePages` of the mapping that holds an address, in bytes.
private func hugeBytes(around address: UnsafeMutableRawPointer) -> Int? {
  guard let file = fopen("/proc/self/smaps", "r") else { return nil }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 512)
  var inside = false
  while fgets(&line, Int32(line.count), file) != nil {
    let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    if let range = addressRange(text) {
      inside = range.contains(UInt(bitPattern: address))
    } else if inside, text.hasPrefix("AnonHugePages:") {
      let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber }
      return Int(digits).map { $0 << 10 }
    }
  }
  return nil
}

/// `7f12-7f34 rw-p …` as addresses; nil for the lines between.
private func addressRange(_ line: String) -> Range<UInt>? {
  let parts = line.prefix { $0 != " " }.split(separator: "-")
  guard parts.count == 2, let low = UInt(parts[0], radix: 16), let high = UInt(parts[1], radix: 16)
  else { return nil }
  return low..<high
}

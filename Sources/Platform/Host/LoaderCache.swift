/// The loader's list of libraries, as `ldconfig` writes it.
/// Source: glibc, sysdeps/generic/dl-cache.h, `struct cache_file_new`.
enum LoaderCache {
  private static let magic = Array("glibc-ld.so.cache1.1".utf8)
  private static let headerBytes = 48
  private static let entryBytes = 24

  /// The paths under which a library of this architecture is listed, in the loader's order, which
  /// has newer versions first; a name that ends in `.so` stands for each of its versions.
  /// Empty where there is no cache, or one of another form.
  static func paths(of name: String, file: String) -> [String] {
    guard case .success(let content) = TextFile.bytes(file) else { return [] }
    return paths(of: name, in: content)
  }

  static func paths(of name: String, in content: [UInt8]) -> [String] {
    // An old table may stand in front of the new one; offsets count from the new one's start.
    guard let start = offset(of: magic, in: content) else { return [] }
    let cache = content[start...]
    guard let count = number(cache, start + magic.count), count <= 1 << 20 else { return [] }
    var paths: [String] = []
    for entry in 0..<Int(count) {
      let position = start + headerBytes + entry * entryBytes
      guard let flags = number(cache, position), let key = number(cache, position + 4),
        let value = number(cache, position + 8)
      else { return paths }
      guard flags == libraryFlags, let entry = text(cache, start + Int(key)),
        entry == name || name.hasSuffix(".so") && entry.hasPrefix(name + ".")
      else { continue }
      if let path = text(cache, start + Int(value)) { paths.append(path) }
    }
    return paths
  }

  /// `FLAG_ELF_LIBC6` with the architecture's word (dl-cache.h).
  static var libraryFlags: UInt32 {
    #if arch(arm64)
      return 0x0a03
    #else
      return 0x0303
    #endif
  }

  private static func offset(of pattern: [UInt8], in content: [UInt8]) -> Int? {
    guard content.count >= pattern.count else { return nil }
    return (0...(content.count - pattern.count)).first { start in
      content[start] == pattern[0] && content[start..<start + pattern.count].elementsEqual(pattern)
    }
  }

  /// Both architectures are little-endian.
  private static func number(_ bytes: ArraySlice<UInt8>, _ position: Int) -> UInt32? {
    guard position + 4 <= bytes.endIndex else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << (8 * $1) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>, _ position: Int) -> String? {
    guard position < bytes.endIndex, let end = bytes[position...].firstIndex(of: 0) else {
      return nil
    }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}

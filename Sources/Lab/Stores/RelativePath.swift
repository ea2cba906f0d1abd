import Glibc
import SystemPackage

/// Links between files, as Markdown wants them.
enum RelativePath {
  /// From a file to another, relative and percent-encoded: `../Reports/my%20box/README.md`.
  static func link(from file: String, to target: String) -> String {
    let start = FilePath(resolved(file)).removingLastComponent().components.map(\.string)
    let end = FilePath(resolved(target)).components.map(\.string)
    let common = zip(start, end).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: start.count - common)
    return (up + end.dropFirst(common).map(encoded)).joined(separator: "/")
  }

  /// The absolute path without symbolic links, as far as it exists.
  static func resolved(_ path: String) -> String {
    var rest = FilePath(path)
    var missing: [FilePath.Component] = []
    while true {
      if let real = realpath(rest.isEmpty ? "." : rest.string, nil) {
        defer { free(real) }
        var result = FilePath(String(cString: real))
        for component in missing.reversed() { result.append(component) }
        return result.lexicallyNormalized().string
      }
      guard let last = rest.lastComponent else { return path }
      missing.append(last)
      rest.removeLastComponent()
    }
  }

  /// The path with its `..` taken out, whatever exists there.
  static func lexical(_ path: String) -> String { FilePath(path).lexicallyNormalized().string }

  /// What a link may hold unencoded everywhere. Source: RFC 3986, section 2.3.
  private static func encoded(_ name: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    let digits = Array("0123456789ABCDEF")
    return name.utf8.map { byte in
      plain.contains(byte)
        ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
  }
}

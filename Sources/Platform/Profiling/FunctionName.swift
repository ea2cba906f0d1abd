import CPerflab
import Glibc

/// A function's name as a person reads it.
public enum FunctionName {
  /// `$s4main3fooyySiF` as `main.foo`: demangled, without what distinguishes overloads.
  public static func readable(_ symbol: String) -> String {
    if symbol.hasPrefix("$s") || symbol.hasPrefix("$S") {
      return demangled(symbol) { swiftDemangle($0, UInt(symbol.utf8.count), nil, nil, 0) }
    }
    if symbol.hasPrefix("_Z") { return demangled(symbol) { perflab_demangle_cxx($0) } }
    return symbol
  }

  private static func demangled(
    _ symbol: String, _ demangle: (UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?
  ) -> String {
    symbol.withCString { name in
      guard let text = demangle(name) else { return symbol }
      defer { free(text) }
      return shortened(String(cString: text))
    }
  }

  /// Leaves the path and the name: no types, no labels, no specialisation, no private marks.
  static func shortened(_ full: String) -> String {
    var text = withoutPrivateMarks(full)
    while let end = specialisationEnd(in: text) { text = String(text[end...]) }
    for prefix in ["merged ", "partial apply forwarder for ", "static ", "dispatch thunk of "]
    where text.hasPrefix(prefix) { text.removeFirst(prefix.count) }
    if text.hasPrefix("closure #") || text.hasPrefix("implicit closure #") {
      // closure #1 (Int) -> Int in outer
      guard let hash = text.firstIndex(of: "#"), let inner = topLevel(" in ", in: text) else {
        return text
      }
      let number = text[text.index(after: hash)...].prefix(while: \.isNumber)
      return "closure #\(number) in " + shortened(String(text[inner.upperBound...]))
    }
    for prefix in ["variable initialization expression of ", "static "]
    where text.hasPrefix(prefix) {
      text.removeFirst(prefix.count)
    }
    // (extension in Ours):Theirs.Type is ours.
    if let match = text.prefixMatch(of: /\(extension in (\w+)\):\w+\./) {
      text = "\(match.1)." + text[match.range.upperBound...]
    }
    return withoutTypes(text)
  }

  /// `(foo in _0123…)` is how a private name says where it is private.
  private static func withoutPrivateMarks(_ text: String) -> String {
    text.replacing(/\(([^\s()]+) in _[0-9A-F]{32}\)/) { String($0.1) }
  }

  /// Behind `generic specialization <…> of ` at the beginning.
  private static func specialisationEnd(in text: String) -> String.Index? {
    let head = text.prefix { $0 != "<" }
    guard head.hasSuffix("specialization "), let of = topLevel(" of ", in: text) else { return nil }
    return of.upperBound
  }

  /// Where `mark` first stands outside all brackets.
  private static func topLevel(_ mark: String, in text: String) -> Range<String.Index>? {
    var depth = 0
    var index = text.startIndex
    var previous: Character = " "
    while index < text.endIndex {
      let character = text[index]
      if depth == 0, text[index...].hasPrefix(mark) {
        return index..<text.index(index, offsetBy: mark.count)
      }
      if "(<[".contains(character) { depth += 1 }
      if ")]".contains(character) || character == ">" && previous != "-" { depth -= 1 }
      previous = character
      index = text.index(after: index)
    }
    return nil
  }

  /// Up to the arguments or the type of a variable, without generic parameters.
  private static func withoutTypes(_ text: String) -> String {
    var name = ""
    var depth = 0
    var previous: Character = " "
    for character in text {
      let follows = previous.isLetter || previous.isNumber || previous == "_"
      if depth == 0 && character == "(" && (follows || previous == ">") { break }
      // An operator's name is no bracket.
      if character == "<" && (follows || depth > 0) { depth += 1 }
      if depth == 0 { name.append(character) }
      if character == ">" && previous != "-" && depth > 0 { depth -= 1 }
      previous = character
    }
    if let type = name.firstRange(of: " : ") { name = String(name[..<type.lowerBound]) }
    // A path says enough without the library's name.
    let path = name.dropFirst(6)
    return name.hasPrefix("Swift.") && path.contains(".") ? String(path) : name
  }
}

/// Of the Swift runtime. Gives a C string that `free` takes back; null for what is no Swift name.
@_silgen_name("swift_demangle")
private func swiftDemangle(
  _ name: UnsafePointer<CChar>?, _ length: UInt, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?

/// Folded stacks: functions from the outermost on, with semicolons between them, and a count.
///
/// Source: Gregg, FlameGraph, stackcollapse-perf.pl.
struct FoldedStackReader: TextReader {
  static let format = "folded stacks"
  private var count = 0

  static func recognises(_ head: [Substring]) -> Bool {
    let lines = head.filter { !$0.isEmpty }.prefix(20)
    return !lines.isEmpty && lines.allSatisfy { parts($0) != nil }
      && lines.contains { $0.contains(";") }
  }

  private static func parts(_ line: Substring) -> (stack: Substring, count: Int)? {
    guard let space = line.lastIndex(of: " "), let count = Int(line[line.index(after: space)...]),
      space > line.startIndex, (0...1_000_000_000).contains(count)
    else { return nil }
    return (line[..<space], count)
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    guard !text.isEmpty else { return }
    guard let (stack, samples) = Self.parts(text) else {
      throw LineProblem("'\(text.prefix(60))' is no folded stack")
    }
    readings.addStack(stack.split(separator: ";").map(String.init), samples)
    count += samples
  }

  mutating func finish(_ readings: inout Readings) throws -> Int { count }
}

/// What `perf script` prints: a line for each sample, and its functions from the innermost on.
///
/// Source: Linux, tools/perf/builtin-script.c, versions 4.19 to 6.12.
struct PerfScriptReader: TextReader {
  static let format = "perf script"
  private var stack: [String] = []
  private var isInside = false
  private var count = 0

  static func recognises(_ head: [Substring]) -> Bool {
    for (line, next) in zip(head, head.dropFirst()) where isSample(line) && isFrame(next) {
      return true
    }
    return false
  }

  private static func isSample(_ line: Substring) -> Bool {
    guard let first = line.first, first != " ", first != "\t", first != "#" else { return false }
    return line.contains(": ")
      && line.words.contains { $0.hasSuffix(":") && $0.dropLast().contains(".") }
  }

  private static func isFrame(_ line: Substring) -> Bool {
    guard line.first == " " || line.first == "\t", let word = line.words.first else { return false }
    return word.allSatisfy(\.isHexDigit)
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    if text.words.isEmpty { return flush(&readings) }
    if Self.isFrame(text), isInside {
      let words = text.words.dropFirst()
      // Without the library and the offset.
      let name = words.last?.first == "(" ? words.dropLast() : words
      let function = name.joined(separator: " ")
      stack.append(function.split(separator: "+").first.map(String.init) ?? function)
    } else if Self.isSample(text) {
      flush(&readings)
      isInside = true
    }
  }

  private mutating func flush(_ readings: inout Readings) {
    if !stack.isEmpty {
      readings.addStack(stack.reversed(), 1)
      count += 1
    }
    stack = []
    isInside = false
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    flush(&readings)
    return count
  }
}

extension Readings {
  mutating func addStack(_ stack: [String], _ samples: Int) {
    stackSamples += samples
    guard let top = stack.last else { return }
    functions[top, default: (0, 0)].own += samples
    for function in Set(stack) { functions[function, default: (0, 0)].all += samples }
  }
}

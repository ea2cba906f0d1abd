/// Lists of processors as the kernel and `taskset` write them: `0-3,8,10-11`.
public enum CPUList {
  /// The numbers, ascending and each once; nil where the text is no such list.
  public static func parse(_ text: String) -> [Int]? {
    parseInOrder(text).map { Set($0).sorted() }
  }

  /// The numbers as they are written, repetitions and all: for `--cpus`, where the first one
  /// measures. Nil where the text is no such list.
  public static func parseInOrder(_ text: String) -> [Int]? {
    var cpus: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { Int(TextFile.trimmed($0)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first >= 0, first <= last, last < 1 << 16
      else { return nil }
      cpus += first...last
    }
    return cpus
  }

  /// The same the other way: `[0, 1, 2, 5]` gives `0-2,5`.
  public static func text(_ cpus: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for cpu in Set(cpus).sorted() {
      if let last = ranges.last, last.upperBound + 1 == cpu {
        ranges[ranges.count - 1] = last.lowerBound...cpu
      } else {
        ranges.append(cpu...cpu)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }
}

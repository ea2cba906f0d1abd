/// The first version of an experiment's file: it builds and runs as it is.
struct NewExperiment {
  let area: String
  let name: String

  /// - Parameter id: `area/name`, checked by the caller.
  init(id: String) {
    let parts = id.split(separator: "/").map(String.init)
    area = parts[0]
    name = parts[1]
  }

  /// `RowMajorScan`
  var typeName: String { words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

  /// `rowMajorScan`
  var memberName: String { typeName.prefix(1).lowercased() + typeName.dropFirst() }

  private var words: [String] { name.split(separator: "-").map(String.init) }

  /// The catalog with one line more.
  func adding(to text: String, catalog: String) throws(LabError) -> String {
    if let end = text.lastRange(of: "\n]") {
      let body = text[..<end.lowerBound]
      let comma = body.hasSuffix(",") || body.hasSuffix("[") ? "" : ","
      return body + comma + "\n  .\(memberName),\n]" + text[end.upperBound...]
    }
    if let end = text.lastRange(of: "= []") {
      return text[..<end.lowerBound] + "= [\n  .\(memberName)\n]" + text[end.upperBound...]
    }
    throw .invalid("\(catalog) has no list that ends with ']' on a line of its own")
  }

  var source: String {
    """
    import Harness
    import Results

    extension Experiment {
      static let \(memberName) = Experiment(
        id: "\(area)/\(name)",
        title: "\(words.joined(separator: " ").capitalizedFirst)",
        slot: "performance/\(area)/…",
        claim: "One sentence: what is faster, under which condition, and where it is not.",
        mechanism: "Why it is faster, down to the machine code of both variants.",
        limits: "When it does not help.",
        diagram: \"\"\"
          flowchart LR
            before["before<br/>{before}"] --> after["after<br/>{after}<br/>{speedup}"]
          \"\"\",
        sweep: .count("elements", [1_000, 100_000], smoke: 1_000),
        work: { Work(elements: Double($0), bytes: Double($0 * 8)) },
        variants: [
          Variant("before", shows: ["\(memberName)Before"], prepare: numbers) {
            \(memberName)Before($0)
          },
          Variant("after", shows: ["\(memberName)After"], prepare: numbers) {
            \(memberName)After($0)
          },
        ],
        // The expected time of an element, from the machine's numbers and counts read off the code:
        // Model(try question.time("mul.integer.latency").named("multiplications")). Nil predicts
        // nothing.
        model: { _ in nil })
    }

    private func numbers(_ point: Point) -> [UInt64] {
      var generator = point.generator()
      return (0..<point.value).map { _ in generator.next() }
    }

    @inline(never)
    private func \(memberName)Before(_ numbers: [UInt64]) -> UInt64 {
      var sum: UInt64 = 0
      for number in numbers { sum ^= number &* 31 }
      return sum
    }

    @inline(never)
    private func \(memberName)After(_ numbers: [UInt64]) -> UInt64 {
      var sum: UInt64 = 0
      for number in numbers { sum ^= (number << 5) &- number }
      return sum
    }

    """
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

  /// The last occurrence of `text`.
  fileprivate func lastRange(of text: String) -> Range<Index>? { ranges(of: text).last }
}

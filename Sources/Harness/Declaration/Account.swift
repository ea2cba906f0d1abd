import Results

extension Experiment {
  /// The words, the drawing and the code, as the results carry them.
  /// - Parameter registers: of the build that is measured, for the texts' places.
  public func account(
    sources: [SourceExcerpt], registers: VectorRegisters = .built
  ) -> Account {
    Account(
      slot: slot, claim: registers.filled(into: claim),
      mechanism: registers.filled(into: mechanism), limits: registers.filled(into: limits),
      diagram: registers.filled(into: diagram),
      axis: sweep.axis, numericAxis: sweep.isNumeric, metric: metric.record, signals: signals,
      headline: headline, references: variants.filter(\.isReference).map(\.name),
      sweepsThreads: sweep.threads == nil ? nil : true,
      yardsticks: yardsticks.isEmpty ? nil : yardsticks, noYardstick: noYardstick,
      noUncertainty: noUncertainty, rule: rule, sources: sources)
  }

  private var yardsticks: [Yardstick] {
    variants.compactMap { variant in
      variant.yardstick.map { Yardstick(variant: variant.name, kind: $0) }
    }
  }

  /// Cuts what each variant shows out of the declaring file.
  /// - Parameters:
  ///   - text: the file's contents.
  ///   - path: as the page names it.
  public func excerpts(from text: String, path: String) -> [SourceExcerpt] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return variants.flatMap { variant in
      variant.shows.compactMap { name in
        SourceCutter.declaration(of: name, in: lines).map { range in
          SourceExcerpt(
            variant: variant.name, file: path, line: range.lowerBound + 1,
            code: lines[range].joined(separator: "\n"))
        }
      }
    }
  }
}

/// Finds a declaration in a formatted Swift file by its name; of several the least indented, since
/// a local of some function may have the name too.
enum SourceCutter {
  /// The lines from the declaration's head to the line with its closing brace, with the attributes
  /// that stand alone above it left out. Nil where there is no such declaration.
  static func declaration(of name: String, in lines: [String]) -> Range<Int>? {
    let heads = lines.indices.filter { declares(name, lines[$0]) }
    func indentation(_ line: Int) -> Substring { lines[line].prefix { $0 == " " } }
    guard let head = heads.min(by: { indentation($0).count < indentation($1).count }) else {
      return nil
    }
    let indentation = indentation(head)
    if lines[head].hasSuffix("}") && lines[head].contains("{") { return head..<(head + 1) }
    let end = lines[(head + 1)...].firstIndex {
      $0 == indentation + "}" || $0.hasPrefix(indentation + "} ")
    }
    return end.map { head..<($0 + 1) }
  }

  private static func declares(_ name: String, _ line: String) -> Bool {
    ["func", "struct", "class", "enum", "actor", "extension", "let", "var"].contains { keyword in
      guard let range = line.firstRange(of: "\(keyword) \(name)") else { return false }
      let next = line[range.upperBound...].first
      return next.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
    }
  }
}

/// A map as Markdown with a diagram of Mermaid.
public struct TraceMapPage: Sendable {
  /// Edges that a diagram has at most: more than these nobody can read.
  private static let mostEdges = 60

  private let map: TraceMap
  private let clustering: Clustering
  private let title: String
  private let staticMap: StaticMap?

  /// - Parameters:
  ///   - title: what was traced, as a heading has it.
  ///   - staticMap: what the traces are compared with; nil for nothing.
  public init(
    _ map: TraceMap, _ clustering: Clustering, title: String, comparedWith staticMap: StaticMap?
  ) {
    self.map = map
    self.clustering = clustering
    self.title = title
    self.staticMap = staticMap
  }

  /// The page, with a line feed at its end.
  public var text: String {
    ([heading, diagram, data, clusters] + [comparison].compactMap { $0 }).joined(separator: "\n\n")
      + "\n"
  }

  private var heading: String {
    let data = map.nodes.count - map.components
    var text = """
      # Map of \(title)

      \(map.requests) requests with \(map.spans) spans; \(map.components) components, \
      \(data) tables or collections, \(map.edges.count) edges. A call that no traced request \
      made is not here: one that a share p of the requests makes is missed with a chance of \
      (1 − p)^\(map.requests). An arrow has its calls, or its queries that read (r) and write (w).
      """
    if map.orphans > 0 {
      text +=
        "\n\n\(map.orphans) spans name a parent that is not there: calls to them are missing. "
        + "Requests may have been sampled apart, or the file is a part of a longer one."
    }
    return text
  }

  private var diagram: String {
    let shown = map.edges.sorted { ($0.uses, $1.from, $1.to) > ($1.uses, $0.from, $0.to) }
      .prefix(Self.mostEdges)
    let ids = Dictionary(uniqueKeysWithValues: map.nodes.enumerated().map { ($1, "n\($0)") })
    var lines = ["```mermaid", "flowchart LR"]
    for (number, cluster) in clustering.clusters.enumerated() {
      lines.append("  subgraph c\(number)[\"cluster \(number + 1)\"]")
      for member in cluster.members {
        let label = Self.label(member)
        let isData = map.nodes.dropFirst(map.components).contains(member)
        lines.append("    \(ids[member]!)" + (isData ? "[(\"\(label)\")]" : "[\"\(label)\"]"))
      }
      lines.append("  end")
    }
    for edge in shown {
      let count =
        edge.isData
        ? [edge.count > 0 ? "\(edge.count) r" : nil, edge.writes > 0 ? "\(edge.writes) w" : nil]
          .compactMap { $0 }.joined(separator: ", ") : "\(edge.count)"
      lines.append("  \(ids[edge.from]!) -- \"\(count)\" --> \(ids[edge.to]!)")
    }
    lines.append("```")
    if map.edges.count > Self.mostEdges {
      lines.append("\nOf \(map.edges.count) edges the \(Self.mostEdges) most used ones.")
    }
    return lines.joined(separator: "\n")
  }

  private var data: String {
    let users = Dictionary(grouping: map.edges.filter(\.isData), by: \.to)
    guard !users.isEmpty else { return "## Data\n\nNo span is one of a database." }
    let rows = users.keys.sorted().map { name in
      let all = users[name]!.sorted { $0.from < $1.from }
      func list(_ edges: [TraceMap.Edge]) -> String {
        edges.isEmpty ? "–" : edges.map { Self.cell($0.from) }.joined(separator: ", ")
      }
      let writers = all.filter { $0.writes > 0 }
      let verdict = all.count == 1 ? "one" : writers.count > 1 ? "**several write**" : "shared"
      return "| \(Self.cell(name)) | \(list(all.filter { $0.count > 0 })) | \(list(writers)) "
        + "| \(verdict) |"
    }
    return "## Data\n\n| data | read by | written by | use |\n|---|---|---|---|\n"
      + rows.joined(separator: "\n")
  }

  private var clusters: String {
    let rows = clustering.clusters.enumerated().map { number, cluster in
      let stability = Self.rounded(cluster.stability)
      return "| \(number + 1) | \(cluster.members.map(Self.cell).joined(separator: ", ")) "
        + "| \(stability) \(Self.verdict(cluster.stability)) |"
    }
    return """
      ## Clusters

      Modularity \(Self.rounded(clustering.modularity)) \
      (\(Self.rounded(clustering.interval.lowerBound)) to \
      \(Self.rounded(clustering.interval.upperBound)) over resampled requests); \
      \(Int((100 * clustering.crossing).rounded())) % of the calls and queries go from one cluster \
      to another. Joined pair by pair where modularity rises most (Clauset, Newman and Moore, \
      2004). Stability is the mean Jaccard index with the nearest cluster of resampled requests \
      (Hennig, 2007): above 0.75 stable, below 0.6 without meaning.

      | cluster | members | stability |
      |---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  private var comparison: String? {
    guard let staticMap else { return nil }
    let (missed, unused) = map.differences(from: staticMap)
    func list(_ lines: [String]) -> String {
      lines.isEmpty ? "None." : lines.map { "- \($0)" }.joined(separator: "\n")
    }
    let used = missed.map {
      "\(Self.cell($0.from)) → \(Self.cell($0.to)): \($0.uses) times in \($0.requests) requests"
    }
    return """
      ## Compared with the static map

      Used and not on it:

      \(list(used))

      On it and not used by a traced request:

      \(list(unused.map { "\(Self.cell($0.from)) → \(Self.cell($0.to))" }))
      """
  }

  private static func verdict(_ stability: Double) -> String {
    stability >= 0.75 ? "(stable)" : stability >= 0.6 ? "(doubtful)" : "(no meaning)"
  }

  private static func rounded(_ value: Double) -> String {
    let hundredths = Int((100 * abs(value)).rounded())
    let part = hundredths % 100
    return (value < 0 && hundredths > 0 ? "−" : "") + "\(hundredths / 100)."
      + (part < 10 ? "0\(part)" : "\(part)")
  }

  /// A name inside a table.
  private static func cell(_ name: String) -> String {
    String(name.map { $0 == "|" || $0 == "\n" ? " " : $0 })
  }

  /// A name inside a diagram's quotes.
  private static func label(_ name: String) -> String {
    name.map { character in
      switch character {
      case "\"": "#quot;"
      case "<": "#lt;"
      case ">": "#gt;"
      case "\n": " "
      default: String(character)
      }
    }.joined()
  }
}

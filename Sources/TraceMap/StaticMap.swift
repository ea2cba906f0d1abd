/// A map that somebody has drawn, or a tool from the source: what may call what.
public struct StaticMap: Sendable, Equatable {
  /// From one name to another.
  public struct Edge: Hashable, Sendable, Comparable {
    /// Who calls or uses.
    public let from: String
    /// What is called or used.
    public let to: String

    /// An edge of two names.
    public init(from: String, to: String) {
      self.from = from
      self.to = to
    }

    /// By names.
    public static func < (a: Edge, b: Edge) -> Bool { (a.from, a.to) < (b.from, b.to) }
  }

  /// All that it has.
  public let edges: Set<Edge>

  /// A map of these edges.
  public init(_ edges: Set<Edge>) { self.edges = edges }

  /// Reads one edge a line, `from -> to`; lines that begin with `#` are comments.
  /// - Parameter name: of the file, for messages.
  /// - Throws: `TraceFault` with the line that is none.
  public init(_ text: String, named name: String) throws(TraceFault) {
    var edges: Set<Edge> = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      guard line.contains(where: { !$0.isWhitespace }), !line.hasPrefix("#") else { continue }
      let ends = line.split(separator: "->").map(Self.trimmed)
      guard ends.count == 2, ends.allSatisfy({ !$0.isEmpty }) else {
        throw TraceFault("\(name):\(number + 1): not an edge; write one a line as 'from -> to'")
      }
      edges.insert(Edge(from: ends[0], to: ends[1]))
    }
    self.edges = edges
  }

  /// Without blanks, and without the dashes of a longer arrow.
  private static func trimmed(_ text: Substring) -> String {
    func isMargin(_ character: Character) -> Bool { character.isWhitespace || character == "-" }
    let start = text.drop(while: isMargin)
    return String(
      start.prefix(
        (start.lastIndex { !isMargin($0) }).map {
          start.distance(from: start.startIndex, to: $0) + 1
        } ?? 0))
  }
}

extension TraceMap {
  /// Edges that requests used and a static map does not have, and those that it has and no request
  /// used; by name. Only names that the traces know count for the second.
  public func differences(from other: StaticMap) -> (
    missed: [Edge], unused: [StaticMap.Edge]
  ) {
    let own = Set(edges.map { StaticMap.Edge(from: $0.from, to: $0.to) })
    return (
      edges.filter { !other.edges.contains(StaticMap.Edge(from: $0.from, to: $0.to)) },
      other.edges.subtracting(own).sorted()
    )
  }
}

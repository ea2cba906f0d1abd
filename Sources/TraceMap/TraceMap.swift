import Statistics

/// What calls what in a system, and who uses which data, as its traces show it.
///
///     var reader = TraceReader()
///     try reader.read(bytes, named: "traces.json")
///     let map = TraceMap(reader.spans)
///     map.edges.map { "\($0.from) → \($0.to): \($0.count)" }
///     map.clustering(seed: 1).modularity
///
/// A component is a service, or a module of one where spans name their function. A span without one
/// belongs to the component that it is a part of.
public struct TraceMap: Sendable {
  /// How one component uses another, or data.
  public struct Edge: Hashable, Sendable {
    /// A component.
    public let from: String
    /// A component, or a table or another collection of a database.
    public let to: String
    /// Whether `to` is data.
    public let isData: Bool
    /// Calls, or queries that only read.
    public let count: Int
    /// Queries that write.
    public let writes: Int
    /// Requests with at least one.
    public let requests: Int

    /// Calls, or queries of both kinds.
    public var uses: Int { count + writes }
  }

  /// Requests that were traced.
  public let requests: Int
  /// Spans of them.
  public let spans: Int
  /// Spans whose parent is in no trace: calls that lead to them are missing.
  public let orphans: Int
  /// Components and data by their names, components first.
  public let nodes: [String]
  /// How many of the nodes are components.
  public let components: Int
  /// By their ends' names.
  public let edges: [Edge]
  /// What requests did, requests that did the same together.
  let shapes: [Shape]

  struct Shape: Sendable {
    struct Use: Sendable {
      /// Its place in `edges`.
      let edge: Int
      let count: Int
    }

    let uses: [Use]
    /// How many there are.
    let requests: Int

    /// For an order that is the same in each run.
    var key: [Int] { uses.flatMap { [$0.edge, $0.count] } }
  }

  /// The map of all requests that these spans are parts of.
  public init(_ spans: [TracedSpan]) {
    let names = ComponentNames(spans)
    let traces = Dictionary(grouping: spans.indices, by: { spans[$0].trace })
    var (found, orphans) = ([Key: Uses](), 0)
    var signatures: [[Key: Int]: Int] = [:]
    for indices in traces.values {
      var own: [Key: Uses] = [:]
      for index in indices {
        let span = spans[index]
        let component = names.component(of: index)
        if let parent = names.parent(of: index) {
          let caller = names.component(of: parent)
          if caller != component {
            own[Key(from: caller, to: component, isData: false), default: Uses()].count += 1
          }
        } else if !span.parent.isEmpty {
          orphans += 1
        }
        guard let access = DataAccess(span.attributes) else { continue }
        for table in access.reads {
          own[Key(from: component, to: table, isData: true), default: Uses()].count += 1
        }
        for table in access.writes {
          own[Key(from: component, to: table, isData: true), default: Uses()].writes += 1
        }
      }
      for (key, uses) in own {
        found[key, default: Uses()].count += uses.count
        found[key, default: Uses()].writes += uses.writes
        found[key, default: Uses()].requests += 1
      }
      signatures[own.mapValues { $0.count + $0.writes }, default: 0] += 1
    }
    let keys = found.keys.sorted()
    edges = keys.map { key in
      let uses = found[key]!
      return Edge(
        from: key.from, to: key.to, isData: key.isData, count: uses.count, writes: uses.writes,
        requests: uses.requests)
    }
    let places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    shapes = signatures.map { signature, count in
      Shape(
        uses: signature.map { Shape.Use(edge: places[$0.key]!, count: $0.value) }
          .sorted { $0.edge < $1.edge }, requests: count)
    }
    .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let all = names.all
    let data = Set(keys.filter(\.isData).map(\.to)).subtracting(all)
    nodes = all.sorted() + data.sorted()
    components = all.count
    requests = traces.count
    self.spans = spans.count
    self.orphans = orphans
  }

  private struct Key: Hashable, Comparable {
    let from, to: String
    let isData: Bool

    static func < (a: Key, b: Key) -> Bool {
      (a.from, a.isData ? 1 : 0, a.to) < (b.from, b.isData ? 1 : 0, b.to)
    }
  }

  private struct Uses {
    var (count, writes, requests) = (0, 0, 0)
  }

  /// Tables that a statement of SQL reads and writes, by the names behind its keywords.
  public static func tables(of sql: String) -> (reads: [String], writes: [String]) {
    DataAccess.tables(of: sql)
  }

  /// Data that more than one component uses, with all their uses; by name.
  public var sharedData: [(data: String, users: [Edge])] {
    let users = Dictionary(grouping: edges.filter(\.isData), by: \.to)
    return users.filter { $0.value.count > 1 }.map { ($0.key, $0.value) }
      .sorted { $0.data < $1.data }
  }
}

/// Which component each span belongs to.
private struct ComponentNames {
  private let names: [String]
  private let parents: [Int?]

  init(_ spans: [TracedSpan]) {
    var places: [String: Int] = [:]
    for (index, span) in spans.enumerated() { places["\(span.trace) \(span.id)"] = index }
    let parents = spans.map { span in
      span.parent.isEmpty ? nil : places["\(span.trace) \(span.parent)"]
    }
    let isOne = Set(spans.map(\.service)).count == 1
    func own(_ index: Int) -> String? {
      spans[index].module.map { isOne ? $0 : "\(spans[index].service)/\($0)" }
    }
    names = spans.indices.map { index in
      var place = index
      // A damaged file may have spans that are their own ancestors.
      for _ in 0..<1_000 {
        if let name = own(place) { return name }
        guard let parent = parents[place], spans[parent].service == spans[index].service else {
          break
        }
        place = parent
      }
      return spans[index].service
    }
    self.parents = parents
  }

  var all: Set<String> { Set(names) }
  func component(of index: Int) -> String { names[index] }
  func parent(of index: Int) -> Int? { parents[index] }
}

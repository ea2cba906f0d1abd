import Databases
import Harness
import Results

extension Experiment {
  /// Products with properties: a row per property, a column per property, or JSON.
  static let entityAttributeValue = Experiment(
    id: "migration/entity-attribute-value",
    title: "Products by their properties: a row per property → columns, JSON",
    slot: "migration/database/data-model",
    claim: """
      A row per property makes each further condition a join, so that a search by three \
      properties takes many times longer than with columns and one index over them; with one \
      condition both are alike. JSON with an index on one property is the slowest, since each \
      product that the index gives is parsed.
      """,
    mechanism: """
      A tenth of the products has any one value of a property. The table of properties finds \
      those of the first condition by an index, and looks each of them up again for every \
      further condition and for its price. With columns the index (colour, size, brand) goes \
      down to the products that match all conditions at once. JSON has an index on the \
      expression for the colour; for other properties SQLite parses the text of each product \
      that the index gives.
      """,
    limits: """
      A composite index serves the conditions that its order begins with: a search by brand \
      alone needs another. That a property can be added without a change of the schema is what \
      the table of properties is for; adding a column is cheap in SQLite and in PostgreSQL since \
      version 11, where its default is constant. Ten thousand products of eight properties, all \
      in the page cache; eight searches per call.
      """,
    diagram: """
      flowchart LR
        q["{point}"] --> e["a row per property, a join each: {rows}"]
        q --> j["JSON, one indexed: {JSON}"]
        q --> c["columns, one index: {columns}"]
        e -- "{speedup}" --> c
      """,
    sweep: .count(
      "conditions", [1, 2, 3], smoke: 2, label: { $0 == 1 ? "1 condition" : "\($0) conditions" }),
    signals: ["bytes"],
    needs: [.storage(bytes: SharedDatabase.needed)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(searches), each: "search") },
    variants: [
      variant("rows", shows: "byRows", byRows, of: "properties"),
      variant("JSON", shows: "byJSON", byJSON, of: "bodies"),
      variant("columns", shows: "byColumns", byColumns, of: "products"),
    ],
    headline: DeclaredHeadline(value: 3, variant: "columns"),
    model: { question throws(MissingNumber) in
      let start = try question.time("sqlite.lookup")
      let found = [1_000.0, 100, 10][question.value - 1]
      switch question.variant {
      case "rows":
        // Each of the first condition's products is looked up until one condition fails.
        let looked = [0.0, 1_000, 1_100][question.value - 1]
        let entries = 1_000 * (try question.time("sqlite.index.covered"))
        return Model(
          start.named("query") + entries.named("entries of the first condition")
            + ((looked + found) * (try question.time("sqlite.join"))).named(
              "further conditions and prices"))
      case "columns":
        return Model(
          start.named("query")
            + (found * (try question.time("sqlite.index.row"))).named("products found"))
      default: return nil
      }
    })
}

private let searches = 8
private let names = ["colour", "size", "brand"]

/// With one parameter per condition.
private func byRows(_ conditions: Int) -> String {
  let further = (1..<conditions).map { number in
    """
    JOIN properties p\(number) ON p\(number).product = p0.product
      AND p\(number).name = \(number) AND p\(number).value = ?\(number + 1)
    """
  }
  let joins = conditions > 1 ? further.joined(separator: "\n") : ""
  return """
    SELECT count(*), sum(i.price) FROM properties p0 \(joins)
    JOIN items i ON i.id = p0.product WHERE p0.name = 0 AND p0.value = ?1
    """
}

private func byColumns(_ conditions: Int) -> String {
  let tests = (0..<conditions).map { "\(names[$0]) = ?\($0 + 1)" }
  return "SELECT count(*), sum(price) FROM products WHERE \(tests.joined(separator: " AND "))"
}

private func byJSON(_ conditions: Int) -> String {
  let tests = (0..<conditions).map { "json_extract(body, '$.\(names[$0])') = ?\($0 + 1)" }
  return """
    SELECT count(*), sum(json_extract(body, '$.price')) FROM bodies
    WHERE \(tests.joined(separator: " AND "))
    """
}

private func variant(
  _ name: String, shows: String, _ sql: @escaping @Sendable (Int) -> String, of table: String
) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      var random = point.generator()
      let conditions = point.value
      let values = (0..<searches).map { _ in
        (0..<conditions).map { _ in Int.random(in: 0..<ProductProperties.values, using: &random) }
      }
      let database = try SharedDatabase.opened("properties", fill: ProductProperties.fill)
      return try Queries(
        sql(conditions), on: database, values, columns: 2,
        report: ["bytes": try ProductProperties.bytes(of: table, in: database)])
    },
    report: { $0.report }, run: { queries in orEnd { try queries.digest() } })
}

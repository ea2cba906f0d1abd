import Databases
import Harness
import Results

extension Experiment {
  /// An order with its lines, in three tables or in one document.
  static let document = Experiment(
    id: "migration/document",
    title: "An order with its lines: joined tables → one document",
    slot: "migration/database/data-model",
    claim: """
      Reading an order as one document saves a look-up per line: nothing worth while with one \
      line, a quarter of the time with ten, more than half with fifty. A name that is copied \
      into every document has to be changed in all of them, where the tables have it once.
      """,
    mechanism: """
      The join reads the order's lines, which lie side by side (primary key order, product), and \
      for each descends the tree of products for the name. The document is one row with a JSON \
      array, which the program parses; each line is about as many bytes as three numbers and a \
      name. A new name of one product is one row in the tables. The documents that hold it must \
      first be found, for which there is no index, and then written again as a whole; how many \
      they are stands below.
      """,
    limits: """
      Over a network both are one round trip, as the join is one query; where an object mapper \
      sends a query per line the document gains far more (`storage/n-plus-one`). A document that \
      must show what was ordered *then* is right to have a copy of the name. Changing one line \
      rewrites the whole document. Two thousand orders, eight are read per call; everything is \
      in SQLite's cache.
      """,
    diagram: """
      flowchart LR
        subgraph before["tables: {joined tables}"]
          direction LR
          o0["order"] -- "{point}" --> l0["lines"] -- "each" --> p0["products"]
        end
        subgraph after["document: {document}"]
          direction LR
          o1["order"] --> d1["JSON with all names"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "lines of an order", [1, 10, 50], smoke: 10, label: { $0 == 1 ? "1 line" : "\($0) lines" }),
    signals: ["rows to write for a new name", "bytes"],
    needs: [.storage(bytes: SharedDatabase.needed)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(OrderDocuments.looks), each: "order") },
    variants: [
      Variant(
        "joined tables", shows: ["joined"], prepare: { try OrderDocuments($0, joined) },
        report: { $0.report(rewritten: 1) },
        run: { orders in orEnd { try orders.readTables() } }),
      Variant(
        "document", shows: ["whole"], prepare: { try OrderDocuments($0, whole) },
        report: { $0.report(rewritten: $0.documentsOfAProduct) },
        run: { orders in orEnd { try orders.readDocuments() } }),
    ],
    demands: Demands { point in
      ["parsing a line": try OrderDocuments(point, whole).parsingTime()]
    },
    model: { question throws(MissingNumber) in
      let lines = Double(question.value)
      let order = (try question.time("sqlite.lookup")).named("the order's place")
      if question.isBaseline {
        let line = try question.time("sqlite.result.row") + question.time("sqlite.join")
        return Model(order + (lines * line).named("lines and their products"))
      }
      guard let parse = question.demand("parsing a line") else { return nil }
      return Model(order + (lines * parse).named("parsing"))
    })
}

private var joined: String {
  """
  SELECT l.product, l.quantity, l.price, p.name FROM lines l JOIN products p ON p.id = l.product
  WHERE l.orderid = ?
  """
}
private var whole: String { "SELECT body FROM documents WHERE id = ?" }

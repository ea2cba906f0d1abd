import Harness
import Platform
import Results

extension Experiment {
  /// A report that takes too long, and what to work on.
  static let profileFirst = Experiment(
    id: "migration/profile-first",
    title: "A slow legacy report: rewrite it → change what the profile shows",
    slot: "migration/performance/legacy",
    claim: """
      Where one part takes most of the time, changing that part alone brings the report within a \
      small factor of a rewrite, for a day's work in place of weeks; what is left then is spread \
      evenly, and the next day's work brings much less.
      """,
    mechanism: """
      The report of {point} reads lines, finds the customer of each order in a list, adds up by \
      region and prints. The list is searched from its beginning: that part grows with orders \
      times customers, the others with orders. A profile shows it at once, and a dictionary in its \
      place is a change of one line. The rewrite scans bytes in place of splitting strings and \
      adds up in a table. Amdahl: the time is the sum of the parts, so that the change saves its \
      part and nothing else; the parts are measured by themselves.
      """,
    limits: """
      How long people work is an assumption: a day for the one part, ten days for the whole. What \
      each saves per day of work follows from it and stands below. A profile of a test shows the \
      test's hot part: this one needs the real number of customers. Where all parts take the same, \
      there is nothing to find, and a rewrite is the only large gain; a rewrite also brings back \
      faults that were fixed years ago (`migration/characterise-first`).
      """,
    diagram: """
      flowchart LR
        l["legacy report: {legacy}"] -- "profile, 1 day" --> h["hot part changed: {hot part}"]
        l -- "10 days" --> r["rewritten: {rewrite}"]
        l -- "{speedup} at {point}" --> h
      """,
    sweep: .count("orders", [200, 2_000], smoke: 200, label: { "\($0) orders" }),
    signals: ["saved per day of work"],
    work: { Work(elements: Double($0), each: "order") },
    variants: [
      variant("legacy", shows: "legacy", days: 0, legacy),
      variant("rewrite", shows: "rewrite", days: 10, rewrite),
      variant("hot part", shows: "hotPart", days: 1, hotPart),
    ],
    demands: Demands { LegacyReport($0).parts() },
    headline: DeclaredHeadline(value: 2_000, variant: "hot part"),
    model: { question in
      guard let split = question.demand("splitting lines"),
        let search = question.demand("searching customers"),
        let print = question.demand("adding up and printing"),
        let scan = question.demand("scanning bytes"),
        let look = question.demand("looking customers up"),
        let table = question.demand("adding up in a table")
      else { return nil }
      switch question.variant {
      case "legacy": return Model(split + search + print, per: .call)
      case "hot part": return Model(split + look + print, per: .call)
      default: return Model(scan + look + table, per: .call)
      }
    })
}

private func variant(
  _ name: String, shows: String, days: Double,
  _ make: @escaping @Sendable (LegacyReport) -> String
) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      let report = LegacyReport(point)
      let (before, after) = (
        report.time { legacy(report).utf8.count }, report.time { make(report).utf8.count }
      )
      let saved = days > 0 ? (before - after) / days : 0
      return (report: report, saved: ["saved per day of work": Counter.seconds(saved / 1e9)])
    },
    report: { $0.saved }, run: { ByteDigest.of(Array(make($0.report).utf8)) })
}

@Sendable private func legacy(_ report: LegacyReport) -> String {
  let orders = report.split()
  return report.print(orders, report.searchCustomers(orders))
}

@Sendable private func hotPart(_ report: LegacyReport) -> String {
  let orders = report.split()
  return report.print(orders, report.lookCustomersUp(orders))
}

@Sendable private func rewrite(_ report: LegacyReport) -> String {
  let orders = report.scan()
  return report.printFromTable(orders, report.lookCustomersUp(orders))
}

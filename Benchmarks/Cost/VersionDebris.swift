import Harness
import Results

extension Experiment {
  /// Old versions of objects, and the parts of uploads that never ended.
  static let versionDebris = Experiment(
    cost: "version-debris", "storage/lifecycle",
    title: "A terabyte with versions: keep all for a year → expire after 30 days",
    claim: """
      Versions make a bucket grow with what is overwritten, not with what it holds: at one overwrite \
      of each object a month a year of versions costs twelve times the data, and a listing shows none \
      of it.
      """,
    mechanism: """
      Each overwrite leaves the old version, which is billed like the new one and does not appear \
      where people look. Parts of uploads that broke off are billed too, until somebody deletes them. \
      With a rule the versions of a month are left. What it costs is the one restore that needs an \
      older version. Both grow, the debris with the overwrites, the restore with nothing, so that \
      few overwrites are better kept.
      """,
    limits: """
      Laws may ask for versions: then a cold class for them, which wants large objects. Versions that \
      differ little are still stored whole. Providers delete expired versions about once a day.
      """,
    diagram: """
      flowchart LR
        subgraph before["all for a year: {all for a year}"]
          o0["overwrites: {point}"] --> v0["12 months of versions"] --> b0["bill"]
        end
        subgraph after["30 days: {30 days}"]
          o1["overwrites"] --> v1["1 month of versions"] --> b1["bill"]
          v1 -. "older one needed" .-> r1["made again"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "objects overwritten in a month", [1, 5, 20, 50, 100, 300, 1_000], smoke: 100,
      label: { "\($0) %" }),
    rule: RuleOfThumb(
      "expire old versions after 30 days", source: "the example of most lifecycle tutorials"),
    options: [
      option(
        "all for a year", code: "versions",
        bill: { percent, _ throws(MissingNumber) in try versions(percent, months: 12) }),
      option("30 days", code: "expired", bill: expired),
    ])
}

private let data = Size.exactly(0x1p40)

private func versions(_ percent: Double, months: Double) throws(MissingNumber) -> Bill {
  let price = try Provider.aws.price("storage.standard", GigabyteMonths.self)
  let broken = Ratio.assumed("share of uploads that break off half-way", 0.01, in: 0.001...0.05)
  let old = (months * percent / 100) * data
  return (price * data.kept).named("current versions") + (price * old.kept).named("old versions")
    + (price * (0.5 * (broken * old)).kept).named("parts of uploads")
}

/// Somebody needs a version that is older than a month once in some years.
private func expired(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let needed = Ratio.assumed("times a year that an older version is needed", 0.3, in: 0.05...2)
  let work = Ratio.assumed("hours to make it again", 16, in: 4...80)
  return try versions(percent, months: 1)
    + developers(needed / .exactly(12) * work).named(
      "older versions made again")
}

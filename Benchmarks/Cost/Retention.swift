import Harness
import Results

extension Experiment {
  /// How long time series are kept as they came.
  static let retention = Experiment(
    cost: "retention", "operations/monitoring",
    title: "Metrics of a year: all points as they came → averages of 5 minutes after two weeks",
    claim: """
      On disks of one's own a year of raw points costs less than the work of downsampling them, up to \
      some hundred thousand series: a compressed point takes about a byte and a half.
      """,
    mechanism: """
      A series with a point every 15 seconds has 2.1 million points a year. Delta-of-delta and XOR \
      encoding stores one in 1.37 bytes (Pelkonen and others, Gorilla, VLDB 2015), so that a year of \
      a series is 2.9 MB. Downsampling leaves a twentieth of the points after two weeks, and needs \
      somebody who runs it, and who explains the averages. The break-even is that work over the \
      bytes of a series.
      """,
    limits: """
      Averages hide what percentiles are asked for. A service that is paid by the series or by the \
      point has other prices: see label-cost. Raw points make long queries slow, which has no price \
      here; a few coarse series for the long view cure that without deleting anything.
      """,
    diagram: """
      flowchart LR
        subgraph before["raw for a year: {raw for a year}"]
          s0["{point}"] --> p0["a point each 15 s"] --> d0["disk"]
        end
        subgraph after["downsampled: {downsampled}"]
          s1["{point}"] --> p1["raw, two weeks"] --> a1["5 minutes, a year"]
          w1["somebody who runs it"] --> a1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "series", [1_000, 10_000, 100_000, 1_000_000, 10_000_000], smoke: 100_000,
      label: { "\($0) series" }),
    rule: RuleOfThumb(
      "keep raw points for two weeks", source: "defaults of Prometheus (15 days)"),
    options: [
      option("raw for a year", code: "raw", "points", bill: raw),
      option("downsampled", code: "downsampled", "points", bill: downsampled),
    ])
}

private let copies = Ratio.assumed("copies of the disk", 2, in: 1...3)

/// Disks for so many points.
private func points(_ count: Double) throws(MissingNumber) -> Bill {
  let point = Size.assumed("bytes of a point", 1.37, in: 1.3...4)
  return try Provider.aws.price("block.gp3") * (copies * (count * point)).kept
}

private func pointsAYear(seconds: Double) -> Double { 365 * 86_400 / seconds }

private func raw(_ series: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try points(series * pointsAYear(seconds: 15)).named("raw points")
}

private func downsampled(_ series: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let upkeep = Ratio.assumed("hours a month to run the downsampling", 2, in: 0.5...8)
  return try points(series * pointsAYear(seconds: 15) * 14 / 365).named("raw points")
    + points(series * pointsAYear(seconds: 300)).named("averages")
    + developers(upkeep).named("upkeep")
}

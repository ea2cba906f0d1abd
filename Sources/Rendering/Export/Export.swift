import Results

/// Results for other people's tools. What a format can't say is left out, never made up.
public struct Export: Sendable {
  /// A format by the tool that reads it.
  public enum Format: String, Sendable, CaseIterable {
    /// JSON of Google Benchmark, as its `compare.py` reads it.
    case googleBenchmark = "google-benchmark"
    /// Go's benchmark format, one line a process.
    case benchstat
    /// JSON of the Java Microbenchmark Harness.
    case jmh
    /// What `hyperfine --export-json` writes.
    case hyperfine
    /// `customSmallerIsBetter` of github-action-benchmark: times and what else should be small.
    case githubSmaller = "github-smaller"
    /// `customBiggerIsBetter` of github-action-benchmark: speedups and what else should be large.
    case githubBigger = "github-bigger"
    /// The raw samples.
    case csv
  }

  /// To be written in UTF-8.
  public var text: String
  /// How many variants, or candidates, at points it contains; samples in CSV.
  public var count: Int
  /// Variants that the format has no value for.
  public var omitted: [String]

  /// - Parameters:
  ///   - results: of which measured points are exported.
  ///   - samples: by the experiment's id. Formats that need a value per process contain less
  ///     without.
  public init(_ results: Results, samples: [String: [SampleRow]], as format: Format) {
    let all = Self.series(results, samples: samples)
    switch format {
    case .googleBenchmark: self = GoogleBenchmark.render(all, results)
    case .benchstat: self = Benchstat.render(all, results)
    case .jmh: self = JMH.render(all, results)
    case .hyperfine: self = Hyperfine.render(all)
    case .githubSmaller: self = GitHubAction.smaller(all)
    case .githubBigger: self = GitHubAction.bigger(all, results)
    case .csv: self = SampleCSV.render(results, samples: samples)
    }
  }

  init(text: String, count: Int, omitted: [String] = []) {
    self.text = text
    self.count = count
    self.omitted = omitted
  }

  /// One entry for each series that has any; the others are named as omitted.
  init(_ all: [Series], entries: (Series) -> [JSON]?, root: ([JSON]) -> JSON) {
    var kept: [JSON] = []
    count = 0
    omitted = []
    for series in all {
      guard let own = entries(series) else {
        omitted.append(series.name)
        continue
      }
      kept += own
      count += 1
    }
    text = root(kept).text
  }
}

extension Export {
  /// One variant at one point.
  struct Series {
    var experiment: ExperimentResult
    var point: PointResult
    var variant: VariantResult
    /// Among the variants measured, the baseline being 0.
    var index: Int
    var samples: VariantSamples

    var metric: MetricRecord { experiment.account.metric }
    var axis: String { experiment.account.axis }
    var label: String { point.parameter.label }

    /// For people: `memory/aos-to-soa: structure of arrays (16 KiB)`.
    var name: String { "\(experiment.id): \(variant.name) (\(label))" }

    /// Wall time of a call in nanoseconds; nil where the metric is another quantity and no samples
    /// are kept.
    var time: Double? { metric.isTime ? variant.estimate : samples.times?.median }

    /// A counter per call, where the machine offered it.
    func counter(_ name: String) -> Double? { variant.counters[name]?.value }
  }

  private static func series(
    _ results: Results, samples: [String: [SampleRow]]
  ) -> [Series] {
    results.experiments.flatMap { experiment in
      let byPoint = Dictionary(grouping: samples[experiment.id] ?? [], by: \.point)
      return experiment.points.filter { $0.status == .measured }.flatMap { point in
        point.variants.enumerated().map { index, variant in
          // What a simulation took is no time of what is simulated.
          let isTimed = experiment.knownBy == .measured
          let rows = isTimed ? byPoint[point.parameter.label] ?? [] : []
          return Series(
            experiment: experiment, point: point, variant: variant, index: index,
            samples: VariantSamples(rows, variant: index))
        }
      }
    }
  }
}

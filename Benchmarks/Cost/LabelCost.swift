import Harness
import Results

extension Experiment {
  /// A label of a metric for each customer, or a line of a log for each request.
  static let labelCost = Experiment(
    cost: "label-cost", "operations/monitoring",
    title: "Latency by customer: a label of the metric → a line for each request",
    claim: """
      A label multiplies a metric's bill by its number of values, so that beyond some tens of \
      customers it is cheaper to write a line for each request and count later.
      """,
    mechanism: """
      Monitoring is sold by the time series, and each combination of labels is one, however little \
      happens in it. Logs are sold by the byte, however many customers there are. The break-even is \
      the traffic in bytes over the price of a series. Labels multiply: three of a hundred values \
      each are a million series.
      """,
    limits: """
      A question to a log reads all of its lines, and is paid by the byte; alarms need metrics. A \
      histogram is some tens of series per combination. Sampling one line in a hundred keeps most \
      questions answerable, and moves the break-even by as much.
      """,
    diagram: """
      flowchart LR
        subgraph before["label: {label}"]
          r0["requests"] --> m0["a series for each of {point}"]
        end
        subgraph after["lines: {lines}"]
          r1["requests"] --> l1["a line each"] --> q1["questions read them"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "values of the label", [3, 10, 30, 100, 300, 1_000, 10_000], smoke: 100,
      label: { "\($0) customers" }),
    rule: RuleOfThumb(
      "no label with more than ten values", breakEven: 10,
      source: "Prometheus documentation, Instrumentation: cardinality below 10"),
    options: [
      option("label", code: "labelled", bill: labelled),
      option("lines", code: "logged", bill: logged),
    ])
}

private func labelled(_ values: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let series = Ratio.assumed("series for each value of the label", 4, in: 1...12)
  let price = try Provider.aws.price("metric.series", Months.self)
  return (price * Term<Months>(values * series)).named("series")
}

private func logged(_ values: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let rate = Ratio.assumed("requests per second", 100, in: 10...1_000)
  let line = Size.assumed("bytes of a line", 200, in: 100...500)
  let bytes = (730 * 3600) * (rate * line)
  let questions = Ratio.assumed("questions over a month's lines", 30, in: 5...200)
  return (try Provider.aws.price("logs.ingest") * bytes.moved).named("ingestion")
    + (try Provider.aws.price("logs.storage") * bytes.kept).named("storage")
    + (questions * (try Provider.aws.price("logs.query") * bytes.moved)).named("questions")
}

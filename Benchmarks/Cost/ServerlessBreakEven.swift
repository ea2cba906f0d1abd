import Harness
import Results

extension Experiment {
  /// Two servers all month, or a function for each request.
  static let serverlessBreakEven = Experiment(
    cost: "serverless-break-even", "compute/serverless",
    title: "Functions or servers: two servers → a function per request",
    claim: """
      Functions cost less than the two servers that availability asks for up to some tens of \
      requests a second, and far longer where the load has a high peak.
      """,
    mechanism: """
      Servers are paid for the peak, and two of them in any case; functions for each request. Both \
      bills are nearly proportional to load once two servers are full, and their slopes differ by \
      little, so that small changes of the inputs move the break-even far. Memory buys CPU in a \
      function: a fraction of a core takes as many times as long, at the same price. Waiting is paid \
      in a function, which serves one request at a time, and is free on a server, which serves \
      others meanwhile: with 80% waiting the break-even falls several times.
      """,
    limits: """
      Egress, logs and people are not counted. A first request after a pause waits for a cold start. \
      Reservations make servers a third cheaper, and the break-even that much lower. A provider may \
      sell more than one request at a time to a function: then waiting is shared.
      """,
    diagram: """
      flowchart LR
        subgraph before["servers: {servers}"]
          r0["{point} on average"] --> b0["servers for the peak"]
        end
        subgraph after["functions: {functions}"]
          r1["{point} on average"] --> f1["a function each"] -- "waiting is paid" --> d1["database"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "requests per second", [1, 10, 30, 80, 300, 1_000], smoke: 80, label: { "\($0) requests/s" }),
    rule: RuleOfThumb(
      "functions until two servers would be busy at the peak", breakEven: 100,
      source: "2 servers × 2 cores × 60% ÷ 8 ms, a third of it on average"),
    options: [
      option("servers", code: "servers", bill: servers),
      option("functions", code: "functions", bill: functions),
    ])
}

private let work = Time.assumed("CPU of a request", 8e6, in: 5.3e6...12.1e6)

/// Sized for the peak; two since one may fail.
private func servers(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let peak = Ratio.assumed("peak over mean", 3, in: 1.3...6)
  let busy = Ratio.assumed("utilisation at the peak", 0.6, in: 0.45...0.7)
  let load = (peak * .exactly(rate)) * (work / Time.exactly(1e9))
  let count = longest((load / (2 * busy)).roundedUp, .exactly(2))
  return (count * (try Provider.aws.monthly("compute.c7g.large"))).named("servers")
}

/// Below a core (1,769 MB, provider's documentation) a function has as much of one as of its memory.
private func functions(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let requests = Term<PerSecond>.exactly(rate).perMonth
  let memory = Ratio.assumed("memory of the function, MB", 512, in: 256...1_769)
  let share = shortest(memory / .exactly(1_769), .exactly(1))
  let waiting = Ratio.assumed("share of the time waiting", 0.5, in: 0...0.8)
  let onOneCore = work / Time.exactly(1e9)
  let seconds = onOneCore / share + onOneCore * (waiting / (1 - waiting))
  let used = Term<GigabyteSeconds>(requests.count * seconds * (memory / .exactly(1_024)))
  return (try Provider.aws.price("function.request") * requests).named("requests")
    + (try Provider.aws.price("function.duration") * used).named("duration")
}

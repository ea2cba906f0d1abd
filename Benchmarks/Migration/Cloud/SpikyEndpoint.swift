import Harness
import Results
import Statistics

extension Experiment {
  /// An endpoint that is rarely called, and then often.
  static let spikyEndpoint = Experiment(
    id: "migration/spiky-endpoint",
    title: "An endpoint with bursts: two servers, always on → a function on demand",
    slot: "migration/cloud/serverless",
    claim: """
      A function on demand costs cents where two servers cost a hundred dollars, and its p99 is \
      that of a cold start whatever the burst; two servers are faster for small bursts and slower \
      from some tens of requests at once on, since these wait for four cores and the function has \
      a core for each.
      """,
    mechanism: """
      Bursts of {point} at once, three an hour at random; each request takes 100 ms of a core. On \
      four cores the last of a burst of n waits for n ÷ 4 × 100 ms. A function's instance serves \
      one request at a time and is kept for ten minutes, so that a burst finds as many warm \
      instances as the last one had, if that is not longer ago: with three bursts an hour six of \
      ten find none. Then the response takes a cold start of 0.8 s and the work, for one request \
      and for five hundred alike. Servers are paid for the month, the function for its requests.
      """,
    limits: """
      Platforms limit how many instances start at a time (AWS Lambda: 1,000 in 10 seconds for \
      each function), and the database behind them has connections for some. A cold start of 0.8 \
      s is an assumption: a static binary needs a tenth (`migration/start-up`), a large runtime \
      several times as much. Servers that scale out take minutes, and see the burst only when it \
      is over. With steady load the bill turns: see `cost/serverless-break-even`.
      """,
    diagram: """
      flowchart LR
        subgraph before["two servers: {two servers}"]
          direction LR
          b0["{point} at once"] --> q0["queue"] --> s0["4 cores, all month"]
        end
        subgraph after["on demand: {on demand}"]
          direction LR
          b1["{point} at once"] -- "cold start" --> f1["an instance each"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "requests in a burst", [1, 10, 100, 500], smoke: 10,
      label: { $0 == 1 ? "1 request" : "\($0) requests" }),
    metric: .reported("p99 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["dollars a month", "cold starts"],
    work: { Work(elements: Double($0 * SpikyLoad.bursts), each: "request") },
    variants: [
      variant("two servers", shows: "onServers", onServers),
      variant("on demand", shows: "onDemand", onDemand),
    ],
    uncertain: [SpikyLoad.start],
    headline: DeclaredHeadline(value: 100, variant: "on demand"),
    model: { question in
      let work = Time.exactly(SpikyLoad.work * 1e9)
      guard question.isBaseline else {
        return Model(
          Time.exactly(SpikyLoad.start.estimate * 1e9).named("cold start") + work.named("work"),
          per: .metric)
      }
      let waves = (0.99 * Double(question.value) / 4).rounded(.up)
      return Model((waves * work).named("requests ÷ cores"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String,
  _ serve: @escaping @Sendable (SpikyLoad) -> SpikyLoad.Outcome
) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    let load = SpikyLoad(point)
    let outcome = serve(load)
    return Replication(
      offered: load.digest,
      figures: [
        "p99 response time": .seconds(outcome.responses.quantile(0.99)),
        "dollars a month": .count(outcome.dollars),
        "cold starts": .share(outcome.cold),
      ])
  }
}

/// In the order of their arrival, on whichever core becomes free.
private func onServers(_ load: SpikyLoad) -> SpikyLoad.Outcome {
  var free = [Double](repeating: 0, count: 4)
  var responses: [Double] = []
  for arrival in load.arrivals {
    let core = free.indices.min { free[$0] < free[$1] }!
    free[core] = max(free[core], arrival) + SpikyLoad.work
    responses.append(free[core] - arrival)
  }
  return .init(responses: responses, dollars: 2 * ListPrice.twoCores, cold: 0)
}

/// On an instance that is idle and has not been given up, the last one used first.
private func onDemand(_ load: SpikyLoad) -> SpikyLoad.Outcome {
  var idleSince: [Double] = []
  var (responses, cold) = ([Double](), 0)
  for arrival in load.arrivals {
    idleSince.removeAll { $0 + SpikyLoad.kept < arrival }
    let warm = idleSince.lastIndex { $0 <= arrival }
    if let warm { idleSince.remove(at: warm) } else { cold += 1 }
    let time = SpikyLoad.work + (warm == nil ? load.coldStart : 0)
    idleSince.append(arrival + time)
    responses.append(time)
  }
  return .init(
    responses: responses, dollars: load.functionMonth,
    cold: Double(cold) / Double(load.arrivals.count))
}

import Harness
import Results

extension Experiment {
  /// A gateway that charges for requests, or a balancer that is there all month.
  static let gatewayFee = Experiment(
    cost: "gateway-fee", "network/gateway",
    title: "In front of a service: gateway by the request → balancer by the hour",
    claim: """
      A gateway that charges for each request costs less than a balancer only up to some requests a \
      second; at a thousand it costs many times as much.
      """,
    mechanism: """
      The balancer's hour is paid whether requests come or not, and little is added for load: a \
      capacity unit carries 25 new connections a second or a gigabyte an hour. The gateway's bill is \
      proportional to the requests. Two servers of one's own with a free balancer cost more than the \
      provider's until its capacity units have grown to their price.
      """,
    limits: """
      The gateway checks tokens, limits callers and keeps their keys; a balancer does not, and \
      programming that has its own price. The first million requests are free for a year, and large \
      volumes are cheaper. Servers of one's own need somebody who keeps them up to date.
      """,
    diagram: """
      flowchart LR
        subgraph before["gateway: {gateway}"]
          c0["{point}"] -- "a fee each" --> g0["gateway"] --> s0["service"]
        end
        subgraph after["balancer: {balancer}"]
          c1["{point}"] --> b1["balancer, by the hour"] --> s1["service"]
        end
        own["two servers of one's own: {own balancer}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "requests per second", [1, 3, 10, 30, 100, 1_000, 10_000], smoke: 10,
      label: { "\($0) requests/s" }),
    rule: RuleOfThumb(
      "a gateway for prototypes, a balancer for traffic", source: "folklore of cloud architects"),
    options: [
      option("gateway", code: "gateway", bill: gateway),
      option("own balancer", code: "own", bill: own),
      option("balancer", code: "balancer", bill: balancer),
    ])
}

private func gateway(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let requests = Term<PerSecond>.exactly(rate).perMonth
  return (try Provider.aws.price("gateway.http") * requests).named("requests")
}

private func balancer(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let reused = Ratio.assumed("requests on a connection", 8, in: 1...50)
  let size = Size.assumed("bytes of a request and its response", 8e3, in: 1e3...50e3)
  let connections = .exactly(rate / 25) / reused
  let bytes = (3600 * rate) * size.gibibytes
  let units = longest(connections, bytes)
  return (try Provider.aws.monthly("balancer.hour")).named("hours")
    + (units * (try Provider.aws.monthly("balancer.unit"))).named("capacity units")
}

/// Two, since one may fail; each carries some tens of thousands of requests a second.
private func own(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let care = Ratio.assumed("hours of care in a month", 1, in: 0.2...4)
  return (2 * (try Provider.aws.monthly("compute.c7g.large"))).named("two servers")
    + developers(care).named("care")
}

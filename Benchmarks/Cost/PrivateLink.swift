import Harness
import Results

extension Experiment {
  /// Traffic to the provider's own services: through the address translation or an endpoint.
  static let privateLink = Experiment(
    cost: "private-link", "network/gateway",
    title: "Traffic to the provider's services: NAT gateway → endpoints",
    claim: """
      Where a NAT gateway is there anyway, an endpoint for one service pays from some hundred \
      gigabytes a month; where the endpoint makes the NAT gateway unnecessary, it always does.
      """,
    mechanism: """
      A NAT gateway charges more for each gigabyte than an endpoint does, and an endpoint is paid by \
      the hour in each zone. The break-even is the endpoint's hours over the difference per \
      gigabyte. Which half of the bill is the larger one changes with each service: many endpoints \
      for little traffic cost more than the gateway that they replace.
      """,
    limits: """
      Object storage and the table service have endpoints that cost nothing: use them first. \
      Endpoints reach the provider's services only. Traffic to the internet is charged on top in \
      both cases, and traffic between zones is not counted.
      """,
    diagram: """
      flowchart LR
        subgraph before["NAT gateway: {NAT gateway}"]
          s0["servers"] -- "{point}" --> n0["NAT"] --> p0["provider's service"]
        end
        subgraph after["endpoints: {endpoints}"]
          s1["servers"] -- "{point}" --> e1["endpoint in each zone"] --> p1["provider's service"]
        end
        only["endpoints instead of NAT: {endpoints instead of NAT}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "traffic in a month", [10, 100, 300, 1_000, 3_000, 30_000], smoke: 300, label: { "\($0) GB" }),
    options: [
      option("NAT gateway", code: "translated", bill: translated),
      option(
        "endpoints instead of NAT", code: "linked",
        bill: { traffic, _ throws(MissingNumber) in
          try linked(traffic)
        }),
      option("endpoints", code: "linked", "translated", bill: both),
    ])
}

private let zones = 2.0

/// A gateway in each zone, as availability asks for.
private func gateways() throws(MissingNumber) -> Bill {
  (zones * (try Provider.aws.monthly("nat.hour"))).named("NAT gateways")
}

private func translated(_ traffic: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let data = try Provider.aws.price("nat.data") * Term<Gigabytes>.exactly(traffic)
  return try gateways() + data.named("data through NAT")
}

private func linked(_ traffic: Double) throws(MissingNumber) -> Bill {
  let services = Ratio.assumed("services that need an endpoint", 1, in: 1...4)
  let hours = (zones * services) * (try Provider.aws.monthly("endpoint.hour"))
  let data = try Provider.aws.price("endpoint.data") * Term<Gigabytes>.exactly(traffic)
  return hours.named("endpoints") + data.named("data through endpoints")
}

/// The gateways stay for what goes to the internet.
private func both(_ traffic: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try gateways() + linked(traffic)
}

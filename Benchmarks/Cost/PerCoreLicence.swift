import Harness
import Results

extension Experiment {
  /// Software that is paid by the core, on cores of unlike speed.
  static let perCoreLicence = Experiment(
    cost: "per-core-licence", "operations/licences",
    title: "Software licensed by the core: many ordinary cores → fewer fast ones",
    claim: """
      A core that is a quarter faster and half as expensive again pays as soon as the licence costs \
      more than some hundred dollars a core and year, a fraction of what databases charge.
      """,
    mechanism: """
      A licence makes all cores more expensive by the same sum, and so hides the difference between \
      their prices. What is left is their speed: fewer cores do the same work. With a database at \
      thousands of dollars a core and year the server is a small part of the bill, and the fastest \
      core is the cheapest.
      """,
    limits: """
      Licences count what they call cores: two hardware threads may be one or two. Work that waits \
      for memory gains little from a faster core: measure it on the candidate first. Contracts often \
      come in steps of several cores.
      """,
    diagram: """
      flowchart LR
        subgraph before["ordinary cores: {ordinary cores}"]
          w0["work"] --> c0["more cores"] --> l0["a licence each: {point}"]
        end
        subgraph after["fast cores: {fast cores}"]
          w1["work"] --> c1["fewer cores"] --> l1["a licence each"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "licence for a core and year", [30, 100, 300, 1_000, 5_000, 20_000], smoke: 300,
      label: { "$\($0)" }),
    options: [
      option(
        "ordinary cores", code: "licensed",
        bill: { yearly, _ throws(MissingNumber) in
          try licensed(.exactly(1), .exactly(1), yearly)
        }),
      option(
        "fast cores", code: "licensed",
        bill: { yearly, _ throws(MissingNumber) in
          try licensed(speed, price, yearly)
        }),
    ])
}

private let speed = Ratio.assumed("speed of a fast core over an ordinary one", 1.25, in: 1.1...1.5)
private let price = Ratio.assumed("price of a fast core over an ordinary one", 1.5, in: 1.2...2)

/// Thirty-two ordinary cores' work.
private func licensed(
  _ speed: Ratio, _ price: Ratio, _ yearly: Double
) throws(MissingNumber) -> Bill {
  let cores = .exactly(32) / speed
  let server = try Provider.aws.monthly("compute.m5.xlarge") / 4
  return ((cores * price) * server).named("servers")
    + Term<Dollars>.exactly(yearly / 12).times(cores).named("licences")
}

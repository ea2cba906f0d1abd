import Harness
import Results

extension Experiment {
  /// What browsers may keep.
  static let clientCache = Experiment(
    cost: "client-cache", "network/caching",
    title: "Assets of a page: sent each time → validated → kept by the browser",
    claim: """
      Validators alone save most of the bytes of those who come back and none of the requests; \
      lifetimes with versioned names save both, and cost a release process that renames files. At \
      two million visits a month that process is paid for when about a third of them find a full \
      cache.
      """,
    mechanism: """
      A page has thirty assets of 20 KiB on average. With a validator a browser that has one asks \
      whether it has changed and gets a response without a body: bytes go down with the share of \
      those who come back, requests do not. With a lifetime it does not ask. The name of a file then \
      has to change with its content, since nobody can take a copy back. At a CDN's prices a request \
      costs as much as 12 KiB, so that the requests that validators leave are a good part of what \
      they save.
      """,
    limits: """
      Browsers drop what they keep: about half of those who come back after some days find nothing, \
      so that the share of revisits here is of visits that find a full cache. A validation costs the \
      user a round trip per asset, which is the better reason for lifetimes.
      """,
    diagram: """
      flowchart LR
        subgraph before["each time: {each time}"]
          v0["visit"] --> r0["30 requests"] --> b0["600 KiB"]
        end
        subgraph middle["validated: {validated}"]
          v1["{point} come back"] --> r1["30 requests"] --> b1["bytes of the others"]
        end
        subgraph after["lifetimes: {lifetimes}"]
          v2["{point} come back"] --> r2["requests of the others"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "visits with a full cache", [1, 3, 10, 20, 40, 60, 80], smoke: 20, label: { "\($0) %" }),
    rule: RuleOfThumb(
      "a year of lifetime for versioned assets",
      source: "web.dev, Prevent unnecessary network requests with the HTTP Cache"),
    options: [
      option("each time", code: "sent", bill: { _, _ throws(MissingNumber) in try sent(1, 1) }),
      option("validated", code: "sent", bill: validated),
      option("lifetimes", code: "kept", bill: kept),
    ])
}

private let visits = 2e6
private let assets = 30.0
private let asset = Size.assumed("bytes of an asset", 20_480, in: 5_000...80_000)

/// - Parameters:
///   - asked: share of the assets that are asked for.
///   - full: share of the assets whose bytes are sent.
private func sent(_ asked: Double, _ full: Double) throws(MissingNumber) -> Bill {
  let requests = Term<Requests>.exactly(visits * assets * asked)
  let bytes = Term<Requests>.exactly(visits * assets * full) * asset
  return (try Provider.aws.price("cdn.request") * requests).named("requests")
    + (try Provider.aws.price("cdn.10tb") * bytes.moved).named("bytes")
}

/// A response without a body has headers all the same.
private func validated(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let answers = Term<Requests>.exactly(visits * assets * percent / 100)
  let headers = answers * Size.assumed("bytes of a response without a body", 300, in: 150...600)
  return try sent(1, 1 - percent / 100)
    + (Provider.aws.price("cdn.10tb") * headers.moved).named("headers")
}

private func kept(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let upkeep = Ratio.assumed("hours a month for names that change", 0.5, in: 0.1...3)
  return try sent(1 - percent / 100, 1 - percent / 100) + developers(upkeep).named("releases")
}

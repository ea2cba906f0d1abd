import Harness
import Platform
import Results
import Systems

extension Experiment {
  /// Who checks the caller's token.
  static let crossCutting = Experiment(
    id: "migration/cross-cutting",
    title: "A request's token: checked in each service → checked at the edge",
    slot: "migration/services/dependencies",
    claim: """
      Of a chain of services each of which verifies the caller's signed token, all but one verify \
      it in vain; checked at the edge and passed on with a message authentication code, it costs \
      one public-key operation per request however long the chain is, and for a single service it \
      only adds. Where callers come back, remembering the tokens that were verified is faster \
      than either by an order of magnitude.
      """,
    mechanism: """
      The token is a JSON Web Token signed with ECDSA on P-256 (ES256), as identity providers \
      issue it. A verification takes tens of microseconds, which is more than what many a small \
      service does otherwise, and a request passes {point}. At the edge it is verified once and \
      replaced by a token that the edge signs with HMAC-SHA-256, which each service verifies in \
      about a microsecond: nobody inside believes what isn't signed. What each service remembers \
      is the alternative without an edge: claims by token, as long as they are valid, for 200 \
      callers. In all variants a forged token, another algorithm's and an expired one are \
      refused.
      """,
    limits: """
      Who can verify an HMAC can also make one: a service that is broken into can speak for \
      anybody inside, so that the secret belongs to pairs of services, or the inner token is \
      signed with a key pair of the edge. Remembered claims outlive a revocation, and hit only \
      where a caller comes back to the same instance. What a caller may do with *this* order is \
      still the service's to check: the edge knows who, and not what. Processor time only, \
      without the network between the services.
      """,
    diagram: """
      flowchart LR
        subgraph before["in each service: {in each service}"]
          direction LR
          r0["request"] --> a0["verify"] -- "{point}" --> b0["verify again"]
        end
        kept["remembered in each service: {remembered in each service}"]
        subgraph after["at the edge: {at the edge}"]
          direction LR
          r1["request"] --> e1["edge: verify"] -- "own code" --> b1["compare the code"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "services", [1, 3, 10], smoke: 3, label: { $0 == 1 ? "1 service" : "\($0) services" }),
    signals: ["public-key operations per request"],
    work: { _ in Work(elements: Double(SignedRequests.count), each: "request") },
    variants: [
      variant("in each service", shows: "inEachService", inEachService),
      variant(
        "remembered in each service", shows: "remembered", remembers: true, remembered),
      variant("at the edge", shows: "atTheEdge", atTheEdge),
    ],
    demands: Demands { _ in try SignedRequests.demands() },
    headline: DeclaredHeadline(value: 10, variant: "at the edge"),
    model: { question throws(MissingNumber) in
      guard let reading = question.demand("an inner token, verified"),
        let making = question.demand("an inner token, made"),
        let known = question.demand("claims, looked up")
      else { return nil }
      let verification = try question.time("tls.verify.p256")
      let services = Double(question.value)
      switch question.variant {
      case "in each service":
        // An outer token is read as an inner one is.
        return Model(
          (services * verification).named("verifications") + (services * reading).named("reading"))
      case "at the edge":
        return Model(
          (verification + reading).named("the edge's verification") + making.named("inner token")
            + (services * reading).named("codes compared"))
      default: return Model((services * known).named("look-ups"))
      }
    })
}

private func variant(
  _ name: String, shows: String, remembers: Bool = false,
  _ subject: @escaping @Sendable (SignedRequests, [UInt8]) -> Int
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try SignedRequests($0, remembers: remembers, subject) },
    report: { $0.report }, run: { $0.served(by: subject) })
}

private func inEachService(_ requests: SignedRequests, _ token: [UInt8]) -> Int {
  var sum = 0
  for _ in 0..<requests.services { sum += requests.verified(token)?.subject ?? 0 }
  return sum
}

private func remembered(_ requests: SignedRequests, _ token: [UInt8]) -> Int {
  var sum = 0
  for service in 0..<requests.services {
    sum += requests.remembered(token, in: service)?.subject ?? 0
  }
  return sum
}

private func atTheEdge(_ requests: SignedRequests, _ token: [UInt8]) -> Int {
  guard let claims = requests.verified(token), let inner = requests.inner(claims) else { return 0 }
  var sum = 0
  for _ in 0..<requests.services { sum += requests.verifiedInner(inner)?.subject ?? 0 }
  return sum
}

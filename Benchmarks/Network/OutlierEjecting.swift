import Harness
import LoadBenches
import Results
import Systems
import Techniques

extension Experiment {
  /// A slow server among others, with and without passive health checks.
  static let outlierEjection = Experiment(
    id: "network/outlier-ejection",
    title: "One slow server of n: keeps its share → ejected",
    slot: "performance/network/balancing",
    claim: """
      One server out of 8 or 32 that takes ten times as long decides the p99 of all requests, since \
      it gets more than 1% of them; a balancer that ejects servers which are too slow several times \
      in a row has the p99 of the others, a tenth of it. With more than 100 servers p99 would \
      not show the slow one at all.
      """,
    mechanism: """
      Servers respond within 0.5 to 1 ms, the slow one within 5 to 10 ms: it is not down, so that \
      health checks pass. Round robin sends it one request in n, so the p99 of all requests is a \
      percentile of its own. The balancer counts a response that takes longer than 3 ms as a failure. \
      After five in a row a server gets no requests for a while, and then a few to try it again. It \
      never ejects more than half of the servers.
      """,
    limits: """
      A time that is too short ejects healthy servers under load, and the others get theirs on top. \
      A fault of all servers, such as a slow database, must not eject any: hence the limit. A slow \
      server under least-outstanding assignment gets fewer requests by itself; a server that fails \
      fast gets more.
      """,
    diagram: """
      flowchart LR
        subgraph before["keeps its share: {keeps its share}"]
          direction LR
          b0["balancer"] -- "1 of {point}" --> s0["slow server"]
          b0 --> o0["others"]
        end
        subgraph after["ejected: {ejected}"]
          direction LR
          b1["balancer"] -. "nothing for a while" .-> s1["slow server"]
          b1 --> o1["others"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("servers", [8, 32], smoke: 8),
    metric: .percentile(99, of: "response time", unit: .nanoseconds),
    signals: ["requests to the slow server"],
    needs: [.cores(2)],
    tolerates: loadTolerates,
    work: { _ in Work(elements: rate * window, each: "request") },
    variants: [
      Variant(
        load: "keeps its share", shows: ["serveEjecting"], prepare: { try SlowServer($0) },
        run: { serveEjecting($0, isEjecting: false) }),
      Variant(
        load: "ejected", shows: ["serveEjecting"], prepare: { try SlowServer($0) },
        run: { serveEjecting($0, isEjecting: true) }),
    ],
    model: { question throws(MissingNumber) in
      // The event loop is woken by the request and by the end of the service.
      let wakes = (2 * (try question.time("futex.wake"))).named("wake-ups of the server")
      // Uniform between half of the longest and the longest.
      let slow = longest * slowness * (1 - 0.5 * 0.01 * Double(question.value))
      let usual = longest * (1 - 0.5 * 0.01)
      return Model(
        Time.exactly(question.isBaseline ? slow : usual).named(
          question.isBaseline ? "service of the slow server" : "service of the others") + wakes,
        per: .metric)
    })
}

private let rate = 12_000.0
private let window = 0.05
private let longest = 1e6
private let slowness = 10.0
private let tooLong: UInt64 = 3_000_000

private final class SlowServer: LoadedServers {
  let count: Int
  var ejection: OutlierEjection
  private var last = 0

  init(_ point: Point) throws {
    count = point.value
    // It lasts until the process ends: the first call finds the slow server.
    ejection = OutlierEjection(servers: count, base: 60_000_000_000)
    let behaviours = (0..<count).map { Behaviour(slowness: $0 == 0 ? slowness : 1) }
    try super.init(point, behaviours, connections: 240 / count + 24)
    // Long enough for the slow one of 32 to respond late five times.
    rehearsal = 1.6
  }

  /// The next server in turn that is not ejected.
  func choose(at now: UInt64, isEjecting: Bool) -> Int {
    repeat { last = (last + 1) % count } while isEjecting && ejection.isOut(last, at: now)
    return last
  }
}

/// Returns 0 where every response is the echo of its request.
private func serveEjecting(_ servers: SlowServer, isEjecting: Bool) -> UInt64 {
  let arrivals = servers.arrivals(rate: rate, seconds: window)
  let demands = servers.demands(.uniform(longest / 2...longest), arrivals.times.count)
  var toSlow = 0
  let (result, _) = servers.serve(arrivals) {
    toSlow = 0
    return Balancing(
      demands: demands,
      observe: { attempt, answer, now in
        let isGood = answer?.status == .succeeded && now - attempt.sent <= tooLong
        servers.ejection.record(attempt.group, succeeded: isGood, at: now)
      },
      choose: { exchange in
        let server = servers.choose(at: exchange.now, isEjecting: isEjecting)
        if server == 0 { toSlow += 1 }
        return server
      })
  }
  servers.report["requests to the slow server"] = Counter(Double(toSlow), unit: .count)
  return result.digest &- EchoProtocol().echoDigest(of: demands)
}

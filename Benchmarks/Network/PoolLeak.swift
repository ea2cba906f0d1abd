import Harness
import LoadBenches
import Results
import Systems
import Techniques

extension Experiment {
  /// Connections that an error path does not return.
  static let poolLeak = Experiment(
    id: "network/pool-leak",
    title: "Requests until the pool is exhausted: lost on the error path → scoped check-out",
    slot: "performance/network/analysis",
    claim: """
      A connection that is not returned when a request fails empties a pool after as many failures \
      as it has connections, that is pool ÷ error rate requests; a check-out that ends with its \
      scope loses none, so that the service goes on until it is stopped, here after 1,000 requests.
      """,
    mechanism: """
      The server fails some of the requests at random. The leaking client returns the connection after a \
      successful request and forgets it when the request throws. Each failure then takes one of 10 \
      connections out of the pool for good. The next request that finds none waits in vain. A \
      scope returns the connection on every way out, whatever is thrown. The symptom is a gauge: \
      connections in use rise in steps while the load does not.
      """,
    limits: """
      The number of requests differs from run to run, since failures are random: its standard \
      deviation is a third of it for 10 connections. Pools that close what was not returned for a \
      while hide the leak and pay with new connections. A scope does not help where a request keeps \
      its connection because it hangs: that needs a time-out.
      """,
    diagram: """
      flowchart LR
        subgraph before["leaks: {leaks}"]
          direction LR
          p0["pool of 10"] --> r0["request"] -- "{point} fail" --> l["lost"]
          r0 --> p0
        end
        subgraph after["scoped: {scoped}"]
          direction LR
          p1["pool of 10"] --> r1["request"] -- "every way out" --> p1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("error rate", [2, 10], smoke: 10, label: { "\($0)%" }),
    metric: .reported("requests until exhaustion", unit: .count, lowerIsBetter: false),
    signals: ["connections in use"],
    needs: [.cores(2)],
    tolerates: loadTolerates,
    work: { _ in Work(elements: 1, each: "run") },
    variants: [
      Variant(
        "leaks", shows: ["leaking"],
        prepare: { try FailingServer($0, connections: connectionCount) }, report: { $0.report },
        run: { serve($0, leaking) }),
      Variant(
        "scoped", shows: ["scoped"],
        prepare: { try FailingServer($0, connections: connectionCount) }, report: { $0.report },
        run: { serve($0, scoped) }),
    ],
    model: { question throws(MissingNumber) in
      let limit = Ratio.exactly(Double(requestLimit)).named("end of the run")
      guard question.isBaseline else { return Model(limit, per: .metric) }
      let errors = Double(question.value) / 100
      // The median of a sum of that many exponential distances is a third of one below its mean.
      let until = Ratio.exactly((Double(connectionCount) - 1.0 / 3) / errors).named(
        "pool ÷ error rate")
      return Model(shortest(until, limit), per: .metric)
    })
}

private let connectionCount = 10
private let requestLimit = 1_000

private func leaking(_ pool: ConnectionPool<Socket>, _ id: Int) throws -> UInt64 {
  let connection = try pool.checkOut(within: 1_000_000)
  let response = try request(id, on: connection)
  pool.checkIn(connection)
  return response
}

private func scoped(_ pool: ConnectionPool<Socket>, _ id: Int) throws -> UInt64 {
  try pool.withConnection(within: 1_000_000) { try request(id, on: $0) }
}

/// Returns the responses that were wrong.
private func serve(
  _ server: FailingServer, _ handle: (ConnectionPool<Socket>, Int) throws -> UInt64
) -> UInt64 {
  server.beginCall()
  let pool = ConnectionPool(server.connections)
  var (served, wrong) = (0, UInt64(0))
  while served < requestLimit {
    do { wrong |= try handle(pool, served) ^ UInt64(served) } catch is PoolExhausted {
      break
    } catch is RequestFailed {} catch { LoadBench.end("\(error)") }
    served += 1
  }
  server.report = [
    "requests until exhaustion": Counter(Double(served), unit: .count),
    "connections in use": Counter(Double(pool.inUse), unit: .count),
  ]
  return wrong
}

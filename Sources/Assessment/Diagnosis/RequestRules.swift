/// What access logs and counters of requests say.
enum RequestRules {
  /// Bytes of a response that fit the first flight of a connection: ten segments (RFC 6928), here by
  /// half, since headers and other responses share it.
  private static let smallResponse = 7_300.0

  /// How many times as large and as long as other reads a response has to be: how large a page is by
  /// itself says little.
  private static let (larger, longer) = (5.0, 1.5)

  static func responses(_ facts: Facts) -> [Finding] {
    let all = facts.readings.routes.values.reduce(0) { $0 + ($1.seconds ?? 0) }
    let reads = facts.readings.routes.values.filter {
      $0.reads && !$0.isFile && !isForOperators($0.route)
    }
    // What traces say holds no wait in the queue, which all routes have.
    func share(_ log: RouteLog) -> Double? {
      facts.share(ofRoute: log.route) ?? (all > 0 ? (log.seconds ?? 0) / all : nil)
    }
    let rows = facts.words.amount(.rows).flatMap { rows in
      facts.words.amount(.queries).map { rows / max(1, $0) }
    }
    return reads.compactMap { log -> Finding? in
      let others = reads.filter { $0.route != log.route }
      let count = Double(others.reduce(0) { $0 + $1.requests })
      guard log.requests >= 20, count >= 20, let part = share(log) else { return nil }
      let mean = Double(log.bytes) / Double(log.requests)
      let size = mean / (Double(others.reduce(0) { $0 + $1.bytes }) / count)
      let time =
        part / Double(log.requests) / (others.reduce(0) { $0 + (share($1) ?? 0) } / count)
      guard mean >= smallResponse, size >= larger, time >= longer else { return nil }
      let isUnbounded = (rows ?? 0) >= 30
      var evidence = [
        Finding.Evidence(
          figure: "\(Text.bytes(mean)) in a response on average",
          threshold: Text.bytes(smallResponse),
          why: "a first flight of a connection carries ten segments (RFC 6928); more costs further "
            + "round trips, and time to make and to read"),
        .init(
          figure: "\(Text.figure(size)) times as large as other reads, \(Text.figure(time)) times "
            + "as long", threshold: "\(Text.figure(larger)), \(Text.figure(longer))",
          why: "what is large and as fast as the others costs no time"),
      ]
      if isUnbounded, let rows {
        evidence.append(
          .init(
            figure: "\(Text.figure(rows)) rows per query", threshold: "30",
            why: "a page shows some twenty"))
      }
      return Finding(
        kind: isUnbounded ? .unboundedResults : .largeResponses, subject: log.route,
        // As long as the others, without it.
        cost: part * (1 - 1 / time), evidence: evidence,
        gain: facts.gain(removing: part * (1 - 1 / time)))
    }
  }

  /// What monitoring asks for, this tool's own collection among it.
  private static func isForOperators(_ route: String) -> Bool {
    ["/metrics", "/health", "/healthz", "/ready", "/actuator/prometheus"].contains {
      route.hasSuffix($0)
    }
  }

  /// Connections that are accepted beside the requests that they bring.
  static func connections(_ facts: Facts) -> [Finding] {
    var each: (figure: String, value: Double)?
    if let accepted = facts.words.amount(.accepted), let requests = facts.requests,
      requests >= 50
    {
      // Those that stay open are kept.
      let open = facts.words.gauge(.open)
      let kept = max(0, (open?.values.last ?? 0) - (open?.values.first ?? 0))
      // The collection opens one for each of its own requests.
      let own = Double(facts.readings.exports.reduce(0) { $0 + $1.asked })
      guard requests - own >= 50 else { return [] }
      each = ("counted by the server", (accepted - kept - own) / (requests - own))
    } else if facts.words.exports == 0, facts.readings.exports.isEmpty,
      let accepted = facts.readings.mean(.accepted), let rate = facts.rate, rate >= 50
    {
      // Of the whole machine: only where nothing better is known.
      each = ("counted by the kernel", accepted / rate)
    }
    guard let each, each.value >= 0.4 else { return [] }
    var evidence = [
      Finding.Evidence(
        figure: "\(Text.figure(each.value)) connections accepted per request, \(each.figure)",
        threshold: "0.4",
        why: "a connection costs a round trip, with TLS another one or two and a key exchange")
    ]
    if let waiting = facts.readings.mean(.timeWait), waiting > 1_000 {
      evidence.append(
        .init(
          figure: "\(Text.grouped(waiting)) sockets in TIME_WAIT", threshold: "1,000",
          why: "each connection that was closed keeps its port for a minute"))
    }
    return [Finding(kind: .connections, subject: "clients", cost: 0.25, evidence: evidence)]
  }

  static func retries(_ facts: Facts) -> [Finding] {
    facts.words.attempts.compactMap { each in
      guard each.calls >= 5, each.attempts / each.calls >= 1.5 else { return nil }
      let more = each.attempts / each.calls
      return Finding(
        kind: .retries, subject: each.name, cost: min(0.95, 0.4 + 0.1 * more),
        evidence: [
          .init(
            figure: "\(Text.figure(more)) attempts per call", threshold: "1.5",
            why: "retries multiply the load of what fails already; a budget keeps them near 1.1")
        ])
    }
  }

  static func failures(_ facts: Facts) -> [Finding] {
    let routes = facts.readings.routes.values
    func share(_ log: RouteLog) -> Double { Double(log.failed) / Double(max(1, log.requests)) }
    let failing = routes.filter { $0.requests >= 20 && share($0) >= 0.01 }
      .sorted { (share($0), $0.route) > (share($1), $1.route) }
    guard let worst = failing.first else { return [] }
    let failed = failing.reduce(0) { $0 + $1.failed }
    let all = routes.reduce(0) { $0 + $1.requests }
    return [
      Finding(
        kind: .failures,
        subject: failing.count == 1
          ? worst.route : "\(failing.count) routes, most of \(worst.route)",
        // A consequence, where something explains it; never too little to be said.
        cost: max(0.02, 0.5 * Double(failed) / Double(max(1, all))),
        evidence: failing.prefix(3).map { log in
          .init(
            figure: "\(Text.percent(share(log))) of \(Text.grouped(Double(log.requests))) requests "
              + "of \(log.route) have a status of 500 or more",
            threshold: "1%", why: "the server says that it failed")
        })
    ]
  }

  static func flushes(_ facts: Facts) -> [Finding] {
    guard let flushes = facts.words.amount(.flushes), let requests = facts.requests,
      requests >= 50, flushes / requests >= 0.3
    else { return [] }
    let disks = facts.readings.names(of: .diskWait)
    let wait = disks.compactMap { facts.readings.mean(.diskWait, $0) }.max() ?? 0
    let mean = facts.words.amount(.requestSeconds).map { $0 / requests } ?? 0
    let share = mean > 0 && wait > 0 ? min(0.9, wait * flushes / requests / mean) : nil
    return [
      Finding(
        kind: .flushes, subject: "log", cost: max(0.15, share ?? 0.3),
        evidence: [
          .init(
            figure: "\(Text.figure(flushes / requests)) flushes to the device per request",
            threshold: "0.3", why: "requests wait for the device, one after the other")
        ], gain: share.flatMap { facts.gain(removing: $0) })
    ]
  }
}

import Harness
import Platform
import Results
import Shop
import Systems

extension Experiment {
  /// Images through the application, or from the page cache to the socket.
  static let staticFiles = Experiment(
    id: "scale/static-files",
    title: "Images read by the application → sendfile",
    slot: "scale/10k/monolith",
    claim: """
      Sending an image by sendfile in place of reading it into memory saves the Shop the copies of \
      its bytes, and little else: parsing, hand-over and the loopback's own copy stay, so that \
      even at 48 KiB less than half of the time goes, and nothing at 16 KiB. nginx, which serves a \
      request on the thread that reads it, saves the hand-over too.
      """,
    mechanism: """
      Visitors without think time saturate the Shop with images, so that the time per request is \
      the inverse of its capacity. The application opens the file, copies its bytes into a new \
      buffer, closes it, and hands the buffer to the loop, whose write copies it again. sendfile \
      references the page cache's own pages from a file that stays open. The loopback copies the \
      bytes to the receiver in both cases. The formula takes a copy for as expensive as the \
      loopback's transfer of the same bytes; the copies here find them in the processor's caches, \
      and sendfile has costs of its own (a pipe, a reference to each page) that the formula leaves \
      out. nginx also uses sendfile from files that stay open. It may be faster than its visitors: \
      the busier one of their two processors then decides, and the model has both.
      """,
    limits: """
      On a real network card sendfile saves the sender's copy entirely. TLS in the process needs \
      the bytes in memory, so that sendfile has no place there. Where the visitors are the limit, \
      nginx carries more than is shown; the processor time of both is among the signals.
      """,
    diagram: """
      flowchart LR
        subgraph before["read: {read}"]
          direction LR
          c0["page cache"] -- "copy" --> b0["buffer"] -- "copy" --> s0["socket"]
        end
        subgraph after["sendfile: {sendfile}"]
          direction LR
          c1["page cache"] --> s1["socket"]
        end
        n["nginx: {nginx}"]
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .count("image", [16, 48], smoke: 16, label: { "\($0) KiB" }),
    signals: ["response (p99)"],
    needs: [.cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(ShopBench.requests), each: "image") },
    variants: [
      Variant(shop: "read", shows: "readInto", paths: image, readInto),
      Variant(shop: "sendfile", shows: "sentFrom", paths: image, sentFrom),
      Variant(
        "nginx", isReference: true, shows: ["fromNginx"], needs: StaticServer.needs,
        prepare: fromNginx, report: { $0.report }, run: { $0.serve() }),
    ],
    demands: Demands { point in
      var demands = ["small response": try ShopBench(point, ["/health"]).demand()]
      guard InstalledProgram.path(of: "nginx") != nil else { return demands }
      demands["small response of nginx"] = try StaticServer(point, ["/"]).demand().server
      demands["visitors"] = try fromNginx(point).demand().visitors
      return demands
    },
    headline: DeclaredHeadline(value: 48, variant: "sendfile"),
    model: { question throws(MissingNumber) in
      let isNginx = question.variant == "nginx"
      let demand = question.demand(isNginx ? "small response of nginx" : "small response")
      guard let small = demand else { return nil }
      let bytes = Size.exactly(Double(question.value << 10))
      let loopback = (bytes / (try question.bandwidth("tcp.stream"))).named("loopback")
      if isNginx {
        guard let visitors = question.demand("visitors") else { return nil }
        return Model(longest(small + loopback, visitors))
      }
      guard question.isBaseline else { return Model(small + loopback) }
      let copies = (2 * (bytes / (try question.bandwidth("tcp.stream")))).named("copies")
      return Model(small + loopback + copies)
    })
}

@Sendable private func readInto(_ settings: inout ShopSettings, _: Int) {
  settings.imageDelivery = .read
}

@Sendable private func fromNginx(_ point: Point) throws -> StaticServer {
  try StaticServer(point, image(point.value))
}

@Sendable private func sentFrom(_ settings: inout ShopSettings, _: Int) {
  settings.imageDelivery = .sendfile
}

/// Of 16, 24, 32, 40 and 48 KiB in turn.
@Sendable private func image(_ kibibytes: Int) -> [String] { ["/images/\((kibibytes - 16) / 8)"] }

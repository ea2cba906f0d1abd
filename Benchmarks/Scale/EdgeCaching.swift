import Harness
import Results
import Shop
import Systems

extension Experiment {
  /// A page whose images come from afar, or from a cache near by.
  static let edgeCache = Experiment(
    id: "scale/edge-cache",
    title: "Images from afar → from a cache near by",
    slot: "scale/10k/degradation",
    claim: """
      With 40 ms to the Shop, a cache of images at 5 ms makes a page of 24 images load several times \
      as fast; what is left is nearly all the page itself, which still comes from afar: two round \
      trips that no cache of images removes.
      """,
    mechanism: """
      The page takes a handshake and a request. Then a browser opens further connections, six in \
      all, and asks for an image on each as soon as the last has come. Each new connection takes a \
      round trip for its handshake and two for its first image: 16 KiB are 12 segments, and a new \
      connection sends ten (slow start). Later images take one round trip each. The page is \
      measured, with {point}; the Shop, the cache and the browser are in namespaces with links \
      between them, which add delay and nothing else.
      """,
    limits: """
      The cache is warm; its first visitor waits longer than without it. HTTP/2 asks for all images \
      on one connection at once, so that distance costs fewer round trips and the cache saves \
      less. TLS adds round trips to each new connection, and the cache saves more. A cache can also \
      carry the page's handshake (edge termination), and pages that are the same for all.
      """,
    diagram: """
      flowchart LR
        b["browser"] -- "40 ms: page and images" --> o["Shop: {from afar}"]
        b -- "5 ms: images" --> e["cache: {near by}"]
        b -- "40 ms: page" --> o
        o -- "{speedup} for {point}" --> e
      """,
    sweep: .count("images", [6, 24], smoke: 6, label: { "\($0) images" }),
    signals: ["link round trip", "round trip to the cache"],
    needs: [.links, .cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "page") },
    variants: [
      variant("from afar", "loadFromAfar", loadFromAfar),
      variant("near by", "loadFromNearBy", loadFromNearBy),
    ],
    headline: DeclaredHeadline(value: 24, variant: "near by"),
    model: { question throws(MissingNumber) in
      let hops = 2 * (try question.time("tcp.round.trip"))
      let trip = (far: Time.exactly(far) + hops, near: Time.exactly(near) + hops)
      let images = question.isBaseline ? trip.far : trip.near
      let rounds = rounds(for: question.value, isFirstOpen: question.isBaseline)
      return Model(
        (2 * trip.far).named("the page: handshake and request")
          + (rounds * images).named("round trips of the images"))
    })
}

/// Nanoseconds of the round trips.
private let (far, near) = (40e6, 5e6)

/// Round trips until all images have come: each new connection takes one for its handshake and two for
/// its first image, the connection of the page no handshake; others take one.
private func rounds(for images: Int, isFirstOpen: Bool) -> Double {
  (1...).first { count in
    let onNew = max(0, count - 2)
    let onFirst = isFirstOpen ? max(0, count - 1) : onNew
    return onFirst + (PageLoad.connections - 1) * onNew >= images
  }.map(Double.init) ?? 0
}

private func loadFromAfar(_ page: PageLoad) throws -> UInt64 { try page.load(fromEdge: false) }

private func loadFromNearBy(_ page: PageLoad) throws -> UInt64 { try page.load(fromEdge: true) }

private func variant(
  _ name: String, _ shows: String, _ load: @escaping @Sendable (PageLoad) throws -> UInt64
) -> Variant {
  Variant(
    name, shows: [shows], environment: .ownNetwork,
    prepare: { point in
      let page = try PageLoad(point, far: Int(far), near: Int(near), images: point.value)
      _ = try load(page)
      return page
    },
    report: { $0.report }, run: { page in orEnd { try load(page) } })
}

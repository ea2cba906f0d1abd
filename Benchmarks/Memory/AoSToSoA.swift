import Harness
import Results

extension Experiment {
  /// One field of many records: how much of every fetched cache line is used?
  static let aosToSoA = Experiment(
    id: "memory/aos-to-soa",
    title: "One field of many records: array of structures → structure of arrays",
    slot: "performance/memory/layout",
    claim: """
      Summing one 4-byte field of 64-byte records is up to sixteen times faster from an array of \
      that field alone, once the records no longer fit in the first-level cache; while they fit, \
      there is nothing to gain.
      """,
    mechanism: """
      Memory moves in cache lines. Each 4-byte charge takes its record's 64 bytes with it, which \
      is a line on most processors. In an array of charges 64 bytes bring sixteen, and the array \
      is a sixteenth of the size, so that it fits in a nearer cache. Both loops compile to the \
      same few instructions and differ only in their stride: the checked `+` keeps the compiler \
      from vectorising them, and where the data are near, both wait for a chain of additions.
      """,
    limits: """
      Code that uses most fields of a record wants them side by side, and so does access in random \
      order: a record then costs one miss, separate arrays one per field. With the wrapping `&+` the array of charges is vectorised as well and \
      gains more. For the records the compiler may then use gather instructions, which on some \
      processors prevent prefetching and are slower than the plain loop.
      """,
    diagram: """
      flowchart LR
        subgraph before["array of structures: {array of structures}"]
          direction TB
          r0["line 0: x y z vx vy vz mass <b>charge</b> kind"]
          r1["line 1: x y z vx vy vz mass <b>charge</b> kind"]
          r2["line 2: x y z vx vy vz mass <b>charge</b> kind"]
        end
        subgraph after["structure of arrays: {structure of arrays}"]
          c0["line 0: sixteen times <b>charge</b>"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "working set", [16 << 10, 256 << 10, 4 << 20, 64 << 20, 512 << 20], smoke: 4 << 10,
      needs: { $0 >= 512 << 20 ? [.memory(3 * $0)] : [] }),
    work: { bytes in
      let elements = Double(passes(bytes).count * bytes / 64)
      return Work(elements: elements, bytes: elements * 4)
    },
    variants: [
      Variant(
        "array of structures", shows: ["Particle", "totalChargeOfRecords"],
        prepare: { point in
          var random = point.generator()
          return AlignedBuffer(count: point.value / 64, distinct: distinctParticles) { _ in
            Particle(using: &random)
          }
        },
        run: { particles in
          passes(particles.count * 64).sum {
            totalChargeOfRecords(particles.opaqueElements.span)
          }
        }),
      Variant(
        "structure of arrays", shows: ["totalChargeOfColumn"],
        prepare: { point in
          var random = point.generator()
          return AlignedBuffer(count: point.value / 64, distinct: distinctParticles) { _ in
            Particle(using: &random).charge
          }
        },
        run: { charges in
          passes(charges.count * 64).sum { totalChargeOfColumn(charges.opaqueElements.span) }
        }),
      .reading({ $0 / 16 }, passes: { passes($0).count }),
    ],
    model: { question throws(MissingNumber) in
      // A word of every record moves a line; in the first level it is just a load.
      let (bytes, addition) = (Double(question.value), try question.loopStep())
      let (own, each) = question.isBaseline ? (bytes, 64.0) : (bytes / 16, 4)
      if question.home(of: own) == .l1 { return Model(addition.named("computation")) }
      // Amid the records of both instances of the baseline, and two columns.
      return Model(
        try question.streaming(each, ofOnce: own, amid: 2.125 * bytes, compute: addition))
    })
}

/// 64 bytes: one cache line.
private struct Particle {
  var x, y, z: Double
  var vx, vy, vz: Double
  var mass: Double
  var charge: Int32
  var kind: Int32

  init(using random: inout some RandomNumberGenerator) {
    (x, y, z, vx, vy, vz, mass) = (0, 1, 2, 3, 4, 5, 6)
    charge = .random(in: -3...3, using: &random)
    kind = 0
  }
}

/// Neither loop takes another time for other charges.
private let distinctParticles = 1 << 14

/// Enough records for some microseconds, however small the working set.
private func passes(_ bytes: Int) -> Passes { Passes(over: bytes, toReach: 1 << 24) }

@inline(never)
private func totalChargeOfRecords(_ particles: Span<Particle>) -> Int {
  var total = 0
  for index in particles.indices { total += Int(particles[index].charge) }
  return total
}

@inline(never)
private func totalChargeOfColumn(_ charges: Span<Int32>) -> Int {
  var total = 0
  for index in charges.indices { total += Int(charges[index]) }
  return total
}

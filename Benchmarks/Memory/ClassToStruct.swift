import Harness
import Results

extension Experiment {
  /// References to particles in the heap, and particles in the array.
  static let classToStruct = Experiment(
    id: "memory/class-to-struct",
    title: "Array of class instances → array of structs",
    slot: "performance/memory/management",
    claim: """
      Scanning an array of structs is faster than scanning an array of class instances once the \
      objects outgrow the first-level cache, and several times faster in an aged heap, where \
      neighbours in the array are not neighbours in memory; within the first level they differ little.
      """,
    mechanism: """
      An object has a header of two words and a heap block of its own: a particle of three words \
      takes 48 bytes and a reference of 8, against 24 bytes in the array. In a fresh heap, objects \
      allocated one after another lie in order, and the hardware prefetches them. In an aged heap \
      each object is at an unpredictable place; loads overlap only because the references are read \
      ahead. Neither loop retains anything: the machine code differs in the load of the reference.
      """,
    limits: """
      Structs are copied, not shared. A value that needs identity, or changes through several \
      references, stays a class or becomes an index into the array. Sorting and inserting large \
      structs moves more bytes. In the first-level cache the difference is small.
      """,
    diagram: """
      flowchart LR
        subgraph before["class: {class}"]
          r0["reference"] --> o0["header | x y mass"]
          r1["reference"] --> o1["header | x y mass"]
        end
        subgraph after["struct: {struct}"]
          v["x y mass | x y mass | x y mass"]
        end
        before -- "{speedup} with {point}" --> after
      """,
    sweep: .named("objects", Case.all.map(\.name), smoke: 0),
    signals: ["bytes per element", "cache misses"],
    work: { Work(elements: Double(Case.all[$0].count)) },
    variants: [
      Variant(
        "class", shows: ["Body", "massOfObjects"],
        prepare: { point in
          let wanted = Case.all[point.value]
          let bodies = (0..<wanted.count).map { Body(particle($0)) }
          // As in an aged heap, the order in the array says nothing about addresses.
          guard wanted.isAged else { return bodies }
          let order = VisitOrder.random(wanted.count, for: point)
          return order.elements.map { bodies[Int($0)] }
        },
        report: { bodies in
          let address = Unmanaged.passUnretained(bodies[0]).toOpaque()
          guard let object = ProcessHeap.allocatedBytes(of: address) else { return [:] }
          // Glibc puts a header of one word in front of each block.
          return ["bytes per element": Counter(Double(8 + object), unit: .bytes)]
        },
        run: { bodies in
          Passes(over: bodies.count, toReach: 8_192).sum { massOfObjects(bodies) }
        }),
      Variant(
        "struct", shows: ["Particle", "massOfValues"],
        prepare: { point in (0..<Case.all[point.value].count).map { particle($0) } },
        report: { _ in
          ["bytes per element": Counter(Double(MemoryLayout<Particle>.stride), unit: .bytes)]
        },
        run: { values in
          Passes(over: values.count, toReach: 8_192).sum { massOfValues(values) }
        }),
    ],
    model: { question throws(MissingNumber) in
      let wanted = Case.all[question.value]
      // The overflow check and the loop's end; the chain of additions overlaps.
      let work = try question.branches(2)
      let bytes = question.isBaseline ? 48.0 + 8 : 24
      let all = bytes * Double(wanted.count)
      guard question.isBaseline && wanted.isAged else {
        return Model(try question.streaming(bytes, of: all, compute: work))
      }
      // An object's line, and an eighth of one for its reference.
      let lines = try 1.125 * question.listedLine(in: all)
      return Model(longest(work.named("computation"), lines.named("random lines")))
    })
}

/// How many objects, and whether their heap has aged.
private struct Case {
  let count: Int
  let isAged: Bool
  var name: String { "\(count / 1_024) Ki, \(isAged ? "aged" : "fresh")" }

  static let all = [8_192, 32_768].flatMap { count in
    [false, true].map { Case(count: count, isAged: $0) }
  }
}

private struct Particle: Sendable {
  var x, y, mass: Int
}

private func particle(_ index: Int) -> Particle { Particle(x: index, y: -index, mass: index & 63) }

private final class Body: Sendable {
  let x, y, mass: Int
  init(_ values: Particle) { (x, y, mass) = (values.x, values.y, values.mass) }
}

@inline(never)
private func massOfObjects(_ bodies: [Body]) -> Int {
  var total = 0
  for body in bodies { total += body.mass }
  return total
}

@inline(never)
private func massOfValues(_ particles: [Particle]) -> Int {
  var total = 0
  for particle in particles { total += particle.mass }
  return total
}

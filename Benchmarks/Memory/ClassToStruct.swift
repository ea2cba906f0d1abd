import Harness
import Results

extension Experiment {
  /// References to particles in the heap, and particles in the array.
  static let classToStruct = Experiment(
    id: "memory/class-to-struct",
    title: "Array of class instances → array of structs",
    slot: "performance/memory/management",
    claim: """
      Going over an array of class instances reads a reference and then an object somewhere in the \
      heap; an array of structs has the values themselves, one after the other. It is faster as soon \
      as the objects outgrow the nearest cache, and several times faster when the heap has aged and \
      neighbours in the array are no neighbours in memory.
      """,
    mechanism: """
      An object has a header of two words and a block of its own, so a particle of three words takes \
      48 bytes and a reference of 8, against 24 bytes in the array. In a fresh heap objects made \
      one after another lie in order, which the hardware fetches ahead. In an aged one each object \
      is a line at a place that nothing foretells; only the references ahead let several loads be \
      in flight. Neither loop retains anything: the machine code differs in the load of the reference.
      """,
    limits: """
      Structs are copied, not shared: what needs identity, or is changed through several references, \
      stays a class, or becomes an index into the array. Large structs make sorting and inserting \
      move more bytes. Within the first-level cache the difference is small.
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
          // What an aged heap comes to: the order of the array tells nothing about addresses.
          guard wanted.isAged else { return bodies }
          let order = VisitOrder.random(wanted.count, for: point)
          return order.elements.map { bodies[Int($0)] }
        },
        report: { bodies in
          let address = Unmanaged.passUnretained(bodies[0]).toOpaque()
          guard let object = ProcessHeap.allocatedBytes(of: address) else { return [:] }
          // Glibc's block has a header of one word in front of it.
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
    predict: { question throws(MissingNumber) in
      let wanted = Case.all[question.value]
      let count = Double(wanted.count)
      let addition = try question.number("add.integer.latency")
      let values = try question.streaming(24, of: 24 * count, compute: addition)
      let objects = 56 * count
      let ordered = try question.streaming(56, of: objects, compute: addition)
      let before =
        wanted.isAged
        ? max(addition, try question.listedLine(in: objects)) : ordered.time
      return Prediction(
        speedup: before / values.time,
        because: """
          An object takes 56 bytes with its reference, \(sized(objects)) in all, and is read \
          \(wanted.isAged ? "from a random place" : "in order") (\(before.brief) ns); a value takes \
          24, read in order from \(values.level.title) (\(values.transfer.brief) ns). Either way an \
          element costs at least an addition in the chain (\(addition.brief) ns).
          """)
    })
}

/// How many objects, and what their heap has been through.
private struct Case {
  let count: Int
  let isAged: Bool
  var name: String { "\(count / 1_024) Ki, \(isAged ? "aged" : "fresh")" }

  static let all = [8_192, 32_768].flatMap { count in
    [false, true].map { Case(count: count, isAged: $0) }
  }
}

private func sized(_ bytes: Double) -> String { "\((bytes / 1_024).brief) KiB" }

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

import Harness
import Results

extension Experiment {
  /// A protocol requirement called through an existential, and called directly.
  static let existentialToGeneric = Experiment(
    id: "memory/existential-to-generic",
    title: "Array of any Shape → generic over one shape",
    slot: "performance/memory/management",
    claim: """
      Summing a property of values of one type is many times faster through a generic function than \
      over an array of `any` protocol, most of all where the values are too large for the \
      existential's inline buffer; the gain shrinks as the property takes longer to compute.
      """,
    mechanism: """
      An `any Shape` is five words: a buffer of three, the type, and its table of methods. Each \
      element is copied, asked for its `area` and destroyed, three indirect calls through tables; for \
      a value larger than the buffer the copy retains and releases its heap box. The copy is written \
      in pieces and read back by a wider load, which waits until the stores have reached the cache. \
      The generic function is specialised for the type: inline loads and a multiplication over \
      adjacent values. Both add with a checked `+`.
      """,
    limits: """
      For elements of several types, use an enum or one array per type. A generic function from \
      another module is specialised only where its body is visible (`@inlinable`). A requirement \
      that does much work hides the cost of the call.
      """,
    diagram: """
      flowchart LR
        subgraph before["any Shape: {any Shape}"]
          e["buffer | type | table"] -- "large values" --> box["heap box"]
          e -- "indirect call" --> f["area"]
        end
        subgraph after["generic: {generic}"]
          g["shape | shape | shape | …"] -- "inline" --> h["area"]
        end
        before -- "{speedup} with {point}" --> after
      """,
    sweep: .named("value", ["inline payload", "boxed payload"], smoke: 0),
    work: { _ in Work(elements: Double(count)) },
    variants: [
      Variant(
        "any Shape", shows: ["totalOfAny"],
        prepare: { point -> [any Shape] in
          point.value == 0 ? (0..<count).map { Square($0) } : (0..<count).map { Cuboid($0) }
        },
        run: { totalOfAny($0) }),
      Variant(
        "generic", shows: ["Square", "Cuboid", "totalOfOne"],
        prepare: { point in
          point.value == 0
            ? Shapes.squares((0..<count).map { Square($0) })
            : Shapes.cuboids((0..<count).map { Cuboid($0) })
        },
        run: { shapes in
          switch shapes {
          case .squares(let squares): totalOfOne(squares)
          case .cuboids(let cuboids): totalOfOne(cuboids)
          }
        }),
    ],
    model: { question throws(MissingNumber) in
      guard question.isBaseline else {
        // The overflow check and the loop's end; arithmetic overlaps.
        return Model(try question.branches(2).named("branches or chain of additions"))
      }
      let isInline = question.value == 0
      // Of the copy, of `area`, and of the destruction where no box is released. The helpers copy,
      // move, find and destroy the element. Counted in the machine code.
      let calls = (isInline ? 3 : 2) * (try question.time("call.existential"))
      let helpers = try (4 * question.time("call.direct.throughput")).named("calls of helpers")
      let box = isInline ? .zero : try question.time("retain.release.next.l2")
      return Model(calls.named("calls through tables") + helpers + box.named("reference counts"))
    })
}

/// Elements, few enough that all of them stay in the second-level cache.
private let count = 4_096

private protocol Shape: Sendable {
  var area: Int { get }
}

/// Two words: fits in the existential's buffer.
private struct Square: Shape {
  var side: Int
  var colour: Int

  init(_ index: Int) { (side, colour) = (index & 63, index) }

  var area: Int { side &* side }
}

/// Four words: lives in a heap box.
private struct Cuboid: Shape {
  var width, height, depth, colour: Int

  init(_ index: Int) { (width, height, depth, colour) = (index & 63, 2, 3, index) }

  var area: Int { width &* width }
}

private enum Shapes: Sendable {
  case squares([Square])
  case cuboids([Cuboid])
}

@inline(never)
private func totalOfAny(_ shapes: [any Shape]) -> Int {
  var total = 0
  for shape in shapes { total += shape.area }
  return total
}

@inline(never)
private func totalOfOne<S: Shape>(_ shapes: [S]) -> Int {
  var total = 0
  for shape in shapes { total += shape.area }
  return total
}

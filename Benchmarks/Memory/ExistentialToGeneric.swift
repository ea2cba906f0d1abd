import Harness
import Results

extension Experiment {
  /// A protocol requirement called through a box, and called directly.
  static let existentialToGeneric = Experiment(
    id: "memory/existential-to-generic",
    title: "Array of any Shape → generic over one shape",
    slot: "performance/memory/management",
    claim: """
      Summing a property of values of one type is several times faster through a generic function \
      than through an array of `any` protocol, since nothing is called any more; values too \
      large for the existential's inline buffer lose a memory access more.
      """,
    mechanism: """
      An `any Shape` is five words: a buffer of three, the type, and the table of its methods. \
      Each element is copied, opened and destroyed through the type's own table, which for a value \
      larger than the buffer means a retain and a release of its heap box, and `area` is an \
      indirect call as well. The copy is written in pieces and then moved by one vector load, \
      which has to wait until all of them are in the cache. The generic function is \
      specialised for the type: loads and a multiplication in line, over values that lie side by \
      side. Both add with a checked `+`.
      """,
    limits: """
      Where the elements really are of several types, an enum or one array a type takes the place \
      of the generic. Across modules a generic is only specialised where its body is visible \
      (`@inlinable`). A requirement that does much work hides the price of the call.
      """,
    diagram: """
      flowchart LR
        subgraph before["any Shape: {any Shape}"]
          e["buffer | type | table"] -- "large values" --> box["heap box"]
          e -- "indirect call" --> f["area"]
        end
        subgraph after["generic: {generic}"]
          g["shape | shape | shape | …"] -- "in line" --> h["area"]
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
    predict: { question throws(MissingNumber) in
      let call = try question.number("call.existential")
      let addition = try question.number("add.integer.latency")
      // Copying the element, `area`, and destroying the copy: each goes through a table.
      let calls = 3 * call
      let isInline = question.value == 0
      let copy = isInline ? 0 : try question.number("retain.release")
      return Prediction(
        speedup: (calls + copy) / addition,
        because: """
          An element costs three calls through tables, to copy it, for its area and to destroy the \
          copy (\(calls.brief) ns) \
          \(isInline ? "" : "and a retain and release of its box (\(copy.brief) ns) ")before, \
          and an addition in the chain (\(addition.brief) ns) after, the multiplication being \
          hidden behind it.
          """)
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

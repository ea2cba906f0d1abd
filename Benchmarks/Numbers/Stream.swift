import CPerflab

/// Arrays of vectors, and the loops over them.
///
/// A call goes several times over short arrays, and over the next piece of long ones, so that it
/// takes neither too little time to be timed nor too much to be repeated.
final class Stream {
  typealias Vector = SIMD16<Float>

  /// How long a call is, in bytes of all arrays.
  enum Length: Int {
    case short = 0x4_0000
    /// For teams: starting them must not count.
    case long = 0x40_0000
  }

  private let shape: Shape
  private let region: Region
  private let arrays: [UnsafeMutablePointer<Vector>]
  private var position = 0

  /// - Parameter bytes: of all arrays together.
  init(
    _ operation: Bandwidth.Operation, bytes: Int, length: Length, from kept: KeptMemory? = nil
  ) throws {
    let shape = Shape(operation, bytes: bytes, length: length)
    region = try Region(operation.arrays * shape.count * 64, from: kept)
    let start = region.start.bindMemory(to: Vector.self, capacity: operation.arrays * shape.count)
    arrays = (0..<operation.arrays).map { start + $0 * shape.count }
    self.shape = shape
  }

  func pass() -> Float {
    let (count, passes) = (shape.window, shape.passes)
    let from = position
    position = from + 2 * count <= shape.count ? from + count : 0
    switch shape.operation {
    case .read: return read(arrays[0] + from, count, passes)
    case .write: return write(arrays[0] + from, count, passes)
    case .copy: return copy(arrays[0] + from, arrays[1] + from, count, passes)
    case .triad:
      return triad(arrays[0] + from, arrays[1] + from, arrays[2] + from, count, passes)
    }
  }

  /// How arrays of some bytes are gone over.
  struct Shape {
    let operation: Bandwidth.Operation
    /// Vectors of each array, and of these, those of one call; multiples of the loops' unrolling.
    let count, window: Int
    let passes: Int

    init(_ operation: Bandwidth.Operation, bytes: Int, length: Length) {
      self.operation = operation
      func vectors(_ bytes: Int) -> Int { max(8, bytes / operation.arrays / 64 / 8 * 8) }
      count = vectors(bytes)
      window = min(count, vectors(max(length.rawValue, 0x40_0000)))
      passes = max(1, length.rawValue / (operation.arrays * window * 64))
    }

    /// That one call of `pass` names.
    var bytes: Int { operation.arrays * window * 64 * passes }
  }
}

private typealias Vectors = UnsafeMutablePointer<Stream.Vector>

/// Bits are or-ed: one cycle each, so that only the loads count.
@inline(never)
private func read(_ source: Vectors, _ count: Int, _ passes: Int) -> Float {
  let source = UnsafeRawPointer(source).assumingMemoryBound(to: SIMD8<Int64>.self)
  var (p, q, r, s) = (
    SIMD8<Int64>.zero, SIMD8<Int64>.zero, SIMD8<Int64>.zero, SIMD8<Int64>.zero
  )
  for _ in 0..<passes {
    perflab_escape(source)
    for i in stride(from: 0, to: count, by: 8) {
      p |= source[i]
      q |= source[i + 1]
      r |= source[i + 2]
      s |= source[i + 3]
      p |= source[i + 4]
      q |= source[i + 5]
      r |= source[i + 6]
      s |= source[i + 7]
    }
  }
  let all = (p | q) | (r | s)
  return Float(all[0] &+ all[7])
}

@inline(never)
private func write(_ target: Vectors, _ count: Int, _ passes: Int) -> Float {
  let value = Stream.Vector(repeating: Float(perflab_opaque(1)))
  for _ in 0..<passes {
    perflab_escape(target)
    for i in stride(from: 0, to: count, by: 8) {
      target[i] = value
      target[i + 1] = value
      target[i + 2] = value
      target[i + 3] = value
      target[i + 4] = value
      target[i + 5] = value
      target[i + 6] = value
      target[i + 7] = value
    }
  }
  return 0
}

@inline(never)
private func copy(_ target: Vectors, _ source: Vectors, _ count: Int, _ passes: Int) -> Float {
  for _ in 0..<passes {
    perflab_escape(source)
    for i in stride(from: 0, to: count, by: 4) {
      target[i] = source[i]
      target[i + 1] = source[i + 1]
      target[i + 2] = source[i + 2]
      target[i + 3] = source[i + 3]
    }
  }
  return 0
}

@inline(never)
private func triad(
  _ a: Vectors, _ b: Vectors, _ c: Vectors, _ count: Int, _ passes: Int
) -> Float {
  let scale = Stream.Vector(repeating: Float(perflab_opaque(3)))
  for _ in 0..<passes {
    perflab_escape(a)
    for i in stride(from: 0, to: count, by: 4) {
      a[i] = b[i].addingProduct(scale, c[i])
      a[i + 1] = b[i + 1].addingProduct(scale, c[i + 1])
      a[i + 2] = b[i + 2].addingProduct(scale, c[i + 2])
      a[i + 3] = b[i + 3].addingProduct(scale, c[i + 3])
    }
  }
  return 0
}

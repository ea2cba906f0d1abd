import CPerflab
import Harness
import Results

/// Loops as a program has them, with what a core overlaps of them and of the way to their data.
///
/// y += a · x over arrays of Float, as the level-1 BLAS has it, with what vectors the compiler makes
/// of it. And sums of words that come from memory in order: prefetching stops at the end of a page,
/// and a core looks ahead over the fewer lines the more steps a loop takes for each.
enum PlainLoops {
  static let series = ProbeSeries(
    "plain", title: "Line from memory, read by a plain loop", unit: .nanoseconds,
    method: "words added in order, each with its overflow check",
    x: SeriesAxis("steps", unit: .count))

  static func lines(_ levels: Levels) -> [Probe] {
    [
      line(steps: 8, of: WordAndRest.self, levels), line(steps: 16, of: Int32.self, levels),
      line(steps: 32, of: Int16.self, levels), line(steps: 64, of: Int8.self, levels),
    ]
  }

  private static func line<Word: Addend>(
    steps: Int, of: Word.Type, _ levels: Levels
  ) -> Probe {
    let bytes = levels.workingSet(.memory)
    return Probe(
      "\(series.name).\(steps)", role: .point(series: series.name, x: Double(steps), y: nil),
      group: "Bandwidth of one core", title: "Line of \(sized(bytes)) in \(steps) steps",
      method: series.method, needs: [.memory(bytes)], value: bytes, smoke: 4096,
      reading: { bytes in .operations(Double(AddedWords<Word>.piece(of: bytes) / 64)) },
      variant: Variant(
        series.name, shows: ["AddedWords"],
        prepare: { point in try AddedWords<Word>(bytes: point.value, from: levels.memory) },
        run: { words in words.add() }))
  }

  static func probes(_ levels: Levels) -> [Probe] {
    [
      axpy("l1", "x and y in L1", rows: 2),
      axpy("l2", "x from L2", rows: levels.workingSet(.l2) / (4 * AddedRows.length)),
      repeated(
        "dot.strided", group: "Arithmetic", title: "Step of a sum of products, Float, in L1",
        method: "a plain loop over \(SummedProducts.side) elements of a row and of a column, with "
          + "the overflow checks of their indexes",
        count: SummedProducts.side * SummedProducts.side, smoke: SummedProducts.side,
        prepare: { _ in SummedProducts() }, run: { products, count in products.add(count) }),
    ]
  }

  private static func axpy(_ level: String, _ place: String, rows: Int) -> Probe {
    let name = "axpy.\(level)"
    return Probe(
      name, group: "Arithmetic", title: "Step of y += a · x, Float, \(place)",
      method: "a plain loop without vector types; y of \(sized(4 * AddedRows.length)), "
        + "x of \(sized(4 * AddedRows.length * rows))",
      value: rows, smoke: 2,
      reading: { rows in .operations(Double(AddedRows.calls(of: rows) * AddedRows.length)) },
      variant: Variant(
        name, shows: ["AddedRows"], prepare: { point in AddedRows(rows: point.value) },
        run: { rows in rows.add() }))
  }
}

/// A row, and rows that are added to it one after the other.
private final class AddedRows {
  static let length = 1_024
  private let count: Int
  private let sums = AlignedBuffer<Float>(count: length) { _ in 0 }
  private let rows: AlignedBuffer<Float>

  init(rows count: Int) {
    self.count = count
    rows = AlignedBuffer(count: count * Self.length) { Float($0 & 7) }
  }

  /// Rows of one kernel call: all of them, some times over.
  static func calls(of rows: Int) -> Int { (64 / rows + 1) * rows }

  func add() -> Int {
    let (sums, rows) = (sums.elements.baseAddress!, rows.elements.baseAddress!)
    for _ in 0..<Self.calls(of: count) / count {
      for row in 0..<count {
        addScaled(sums, rows + row * Self.length, Float(perflab_opaque(1)), Self.length)
      }
    }
    return Int(sums[0].bitPattern & 0xFF)
  }
}

@inline(never)
private func addScaled(
  _ sums: UnsafeMutablePointer<Float>, _ row: UnsafePointer<Float>, _ factor: Float, _ count: Int
) {
  for index in 0..<count { sums[index] += factor * row[index] }
}

/// A row, and the columns of a matrix that it is multiplied with.
private final class SummedProducts {
  static let side = 64
  private let row = AlignedBuffer<Float>(count: side) { Float($0 & 7) }
  private let matrix = AlignedBuffer<Float>(count: side * side) { Float($0 & 7) }

  func add(_ count: Int) -> Int {
    let (row, matrix) = (row.elements.baseAddress!, matrix.elements.baseAddress!)
    let side = Int(perflab_opaque(Int64(Self.side)))
    var bits: UInt32 = 0
    let start = Int(perflab_opaque(0))
    for column in 0..<count / side { bits ^= product(row, start, matrix, column, side).bitPattern }
    return Int(bits & 0xFF)
  }
}

/// As in a product of matrices by its definition.
@inline(never)
private func product(
  _ rows: UnsafePointer<Float>, _ start: Int, _ matrix: UnsafePointer<Float>, _ column: Int,
  _ side: Int
) -> Float {
  var sum: Float = 0
  for index in 0..<side { sum += rows[start + index] * matrix[index * side + column] }
  return sum
}

/// What a loop adds of each element.
private protocol Addend: BitwiseCopyable {
  var word: Int { get }
}

extension Int8: Addend { fileprivate var word: Int { Int(self) } }
extension Int16: Addend { fileprivate var word: Int { Int(self) } }
extension Int32: Addend { fileprivate var word: Int { Int(self) } }

/// Eight bytes of which four are added.
private struct WordAndRest: Addend {
  var low, high: Int32
  var word: Int { Int(low) }
}

/// Words that are added a piece at a time, around a working set.
private final class AddedWords<Word: Addend> {
  private let region: Region
  private let bytes: Int
  private var position = 0

  init(bytes: Int, from kept: KeptMemory) throws {
    self.bytes = bytes
    // Zeroed, which also removes from the caches what an earlier probe read.
    region = try Region(bytes, from: kept)
  }

  /// Bytes of one call.
  static func piece(of bytes: Int) -> Int { min(bytes, 1 << 20) }

  func add() -> Int {
    let piece = Self.piece(of: bytes)
    if position + piece > bytes { position = 0 }
    let words = (region.start + position).assumingMemoryBound(to: Word.self)
    position += piece
    return total(
      UnsafeBufferPointer(start: words, count: piece / MemoryLayout<Word>.stride))
  }
}

@inline(never)
private func total<Word: Addend>(_ words: UnsafeBufferPointer<Word>) -> Int {
  var total = 0
  for word in words { total += word.word }
  return total
}

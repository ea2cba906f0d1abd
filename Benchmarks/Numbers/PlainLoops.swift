import CPerflab
import Harness
import Results

/// y += a · x by a plain loop over arrays of Float, as the level-1 BLAS has it: with what vectors the
/// compiler makes of it, and with what a core overlaps of it and of the way from the second level.
enum PlainLoops {
  static func probes(_ levels: Levels) -> [Probe] {
    [
      axpy("l1", "x and y in L1", rows: 2),
      axpy("l2", "x from L2", rows: levels.workingSet(.l2) / (4 * AddedRows.length)),
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

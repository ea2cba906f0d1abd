import CPerflab
import Glibc

extension Variant {
  /// Reading as many bytes once, in vectors: no code that needs them all is faster.
  /// - Parameters:
  ///   - bytes: that one pass of the task has to read, at a value of the sweep.
  ///   - passes: of one kernel call.
  public static func reading(
    _ bytes: @escaping @Sendable (_ value: Int) -> Int,
    passes: @escaping @Sendable (_ value: Int) -> Int
  ) -> Variant {
    Variant(
      limit: "reading the bytes",
      prepare: { point in
        let lines = (bytes(point.value) + 511) / 512 * 8
        return (AlignedBuffer<Line>(count: lines) { _ in Line.zero }, passes(point.value))
      },
      run: { lines, passes in
        var all: Int64 = 0
        for _ in 0..<passes { all |= read(lines.opaqueElements) }
        return Int(all)
      })
  }

  /// Copying as many bytes once by `memcpy`: no code that reads and writes them all is faster.
  /// - Parameters:
  ///   - bytes: that one pass of the task reads, and as many that it writes.
  ///   - passes: of one kernel call.
  ///   - threads: that the task has, each of which copies its part.
  public static func copying(
    _ bytes: @escaping @Sendable (_ value: Int) -> Int,
    threads: @escaping @Sendable (_ value: Int) -> Int = { _ in 1 },
    passes: @escaping @Sendable (_ value: Int) -> Int
  ) -> Variant {
    Variant(
      limit: "copying the bytes",
      prepare: { point in
        try Copied(
          bytes(point.value), passes: passes(point.value), by: point.team(threads(point.value)))
      },
      run: { $0.copy() })
  }

  /// As many fused multiply-adds of Float in the widest vectors, all in registers: no code that has
  /// to do them is faster.
  /// - Parameter count: of the additions, each with its multiplication, in one kernel call.
  public static func multiplyAdds(_ count: @escaping @Sendable (_ value: Int) -> Int) -> Variant {
    Variant(
      limit: "multiply-adds alone",
      prepare: { point in count(point.value) },
      run: { chains(of: opaque($0)) })
  }
}

private typealias Line = SIMD8<Int64>

/// Bits are or-ed, one cycle each, so that only the loads count.
@inline(never)
private func read(_ lines: UnsafeBufferPointer<Line>) -> Int64 {
  var (p, q, r, s) = (Line.zero, Line.zero, Line.zero, Line.zero)
  var line = lines.baseAddress!
  for _ in 0..<lines.count / 8 {
    p |= line[0]
    q |= line[1]
    r |= line[2]
    s |= line[3]
    p |= line[4]
    q |= line[5]
    r |= line[6]
    s |= line[7]
    line += 8
  }
  let all = (p | q) | (r | s)
  return all[0] | all[7]
}

/// Bytes and the memory for their copy.
private final class Copied: @unchecked Sendable {
  // SAFETY (@unchecked): each member of the team writes to its own part.
  private let from, to: AlignedBuffer<UInt8>
  private let team: Team
  private let passes: Int

  init(_ bytes: Int, passes: Int, by team: Team) {
    from = AlignedBuffer(count: bytes) { _ in 1 }
    to = AlignedBuffer(count: bytes) { _ in 0 }
    self.passes = passes
    self.team = team
  }

  /// Each pass ends when all members have done their part, as the task's does.
  func copy() -> Int {
    let (from, to) = (from.elements.baseAddress!, to.elements.baseAddress!)
    let part = (self.from.count + team.count - 1) / team.count
    for _ in 0..<passes {
      if team.count == 1 {
        memcpy(to, from, opaque(part))
      } else {
        team.run { member in
          let first = min(member * part, self.from.count)
          memcpy(to + first, from + first, min(part, self.from.count - first))
        }
      }
    }
    return Int(to[self.to.count - 1])
  }
}

private func chains(of count: Int) -> Float {
  // Without the instruction, a multiplication and an addition take two.
  let hasOne = perflab_has_fma() != 0
  let lanes = Int(PERFLAB_VECTOR_BITS) / 32
  let rounds = Int64(count / (lanes * Int(PERFLAB_CHAINS)) * (hasOne ? 1 : 2))
  return switch (lanes, hasOne) {
  case (16, true): perflab_fma_512(rounds, 1, 0.5)
  case (8, true): perflab_fma_256(rounds, 1, 0.5)
  case (_, true): perflab_fma_128(rounds, 1, 0.5)
  case (16, false): perflab_add_512(rounds, 1, 0.5)
  case (8, false): perflab_add_256(rounds, 1, 0.5)
  case (_, false): perflab_add_128(rounds, 1, 0.5)
  }
}

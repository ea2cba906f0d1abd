import CPerflab

/// The innermost kernel of `MatrixProduct`: a tile of C of 12 × 32 in 24 vector registers.
enum Tile {
  static let rows = 12
  static let columns = 32

  /// A row of the tile. Two vectors of 16: the compiler keeps longer ones in memory.
  private struct Row {
    var left = SIMD16<Float>()
    var right = SIMD16<Float>()

    @inline(__always)
    mutating func add(_ b: Row, times a: Float) {
      let factor = SIMD16(repeating: a)
      left.addProduct(b.left, factor)
      right.addProduct(b.right, factor)
    }

    @inline(__always)
    func write(to address: UnsafeMutablePointer<Float>, adding: Bool) {
      // SAFETY: the caller's tile has 32 floats here; they may lie at any multiple of 4 bytes.
      let raw = UnsafeMutableRawPointer(address)
      var sum = self
      if adding {
        sum.left += raw.loadUnaligned(as: SIMD16<Float>.self)
        sum.right += raw.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
      }
      raw.storeBytes(of: sum.left, as: SIMD16<Float>.self)
      raw.storeBytes(of: sum.right, toByteOffset: 64, as: SIMD16<Float>.self)
    }
  }

  /// Each row has a name of its own, since the compiler keeps an array of rows in memory.
  @inline(never)
  static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, depth: Int,
    into c: UnsafeMutablePointer<Float>, stride: Int, adding: Bool
  ) {
    var r0 = Row(), r1 = Row(), r2 = Row(), r3 = Row(), r4 = Row(), r5 = Row()
    var r6 = Row(), r7 = Row(), r8 = Row(), r9 = Row(), r10 = Row(), r11 = Row()
    // C is wanted only at the end: ask for it now.
    for i in 0..<rows {
      perflab_prefetch(c + i * stride)
      perflab_prefetch(c + i * stride + 16)
    }
    // SAFETY: packed panels hold `depth` × 12 and `depth` × 32 floats, B aligned to 64 bytes.
    var a = a
    var b = UnsafeRawPointer(b).assumingMemoryBound(to: Row.self)
    for _ in 0..<depth {
      let row = b.pointee
      r0.add(row, times: a[0])
      r1.add(row, times: a[1])
      r2.add(row, times: a[2])
      r3.add(row, times: a[3])
      r4.add(row, times: a[4])
      r5.add(row, times: a[5])
      r6.add(row, times: a[6])
      r7.add(row, times: a[7])
      r8.add(row, times: a[8])
      r9.add(row, times: a[9])
      r10.add(row, times: a[10])
      r11.add(row, times: a[11])
      a += rows
      b += 1
    }
    r0.write(to: c, adding: adding)
    r1.write(to: c + stride, adding: adding)
    r2.write(to: c + 2 * stride, adding: adding)
    r3.write(to: c + 3 * stride, adding: adding)
    r4.write(to: c + 4 * stride, adding: adding)
    r5.write(to: c + 5 * stride, adding: adding)
    r6.write(to: c + 6 * stride, adding: adding)
    r7.write(to: c + 7 * stride, adding: adding)
    r8.write(to: c + 8 * stride, adding: adding)
    r9.write(to: c + 9 * stride, adding: adding)
    r10.write(to: c + 10 * stride, adding: adding)
    r11.write(to: c + 11 * stride, adding: adding)
  }
}

import Harness

/// The same product by OpenBLAS, and the multiply-adds alone.
let matrixProductYardsticks = [
  Variant(
    "OpenBLAS sgemm", peer: Peer(.openBLAS, "perflab_sgemm"),
    prepare: { point, functions in
      typealias Multiply =
        @convention(c) (
          UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
        ) -> Void
      return (
        matrices: SquareMatrices(point),
        multiply: functions("perflab_sgemm", as: Multiply.self)
      )
    },
    run: { peer in
      peer.matrices.digest { peer.multiply($0, $1, $2, peer.matrices.n) }
    }),
  .multiplyAdds { n in SquareMatrices.passes(n).count * n * n * n },
]

/// The same dot product by OpenBLAS, and the reading alone.
func dotProductYardsticks(_ passes: @escaping @Sendable (_ bytes: Int) -> Passes) -> [Variant] {
  [
    Variant(
      "OpenBLAS sdot", peer: Peer(.openBLAS, "perflab_sdot"),
      prepare: { point, functions in
        typealias Dot =
          @convention(c) (UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Float
        return (
          operands: Operands<Float>(point), dot: functions("perflab_sdot", as: Dot.self)
        )
      },
      run: { peer in
        passes(peer.operands.bytes).sum {
          let (a, b) = (peer.operands.a.opaqueElements, peer.operands.b.opaqueElements)
          return Double(peer.dot(a.baseAddress!, b.baseAddress!, a.count))
        }
      }),
    .reading({ $0 }, passes: { passes($0).count }),
  ]
}

/// The same prefix sum by oneTBB on as many threads and by vectors on one, and a copy.
let prefixSumYardsticks = [
  Variant(
    "oneTBB parallel_scan", peer: Peer(.oneTBB, "perflab_tbb_make", "perflab_tbb_scan"),
    prepare: { point, functions in
      let cpus = Array(point.cpus.prefix(point.value))
      let make = functions(
        "perflab_tbb_make",
        as: (@convention(c) (Int, UnsafePointer<Int>) -> UnsafeMutableRawPointer).self)
      return (
        threads: UInt(bitPattern: make(cpus.count, cpus)),
        scan: functions("perflab_tbb_scan", as: ScanOnThreads.self),
        input: PrefixSumInput(point)
      )
    },
    run: { peer in
      let threads = UnsafeMutableRawPointer(bitPattern: peer.threads)!
      return peer.input.scanned { peer.scan(threads, $0, $1, $2) }
    }),
  Variant(
    "C++ vectors, one thread", peer: Peer(.textbook, "perflab_vector_scan"),
    prepare: { point, functions in
      (scan: functions("perflab_vector_scan", as: Scan.self), input: PrefixSumInput(point))
    },
    run: { peer in peer.input.scanned(peer.scan) }),
  .copying({ _ in 8 * PrefixSumInput.count }, threads: { $0 }, passes: { _ in 1 }),
]

private typealias Scan =
  @convention(c) (UnsafePointer<Int>, UnsafeMutablePointer<Int>, Int) -> Void
private typealias ScanOnThreads =
  @convention(c) (UnsafeMutableRawPointer, UnsafePointer<Int>, UnsafeMutablePointer<Int>, Int)
  -> Void

extension PrefixSumInput {
  fileprivate func scanned(
    _ scan: (UnsafePointer<Int>, UnsafeMutablePointer<Int>, Int) -> Void
  ) -> Int {
    let values = values.opaqueElements
    scan(values.baseAddress!, totals.elements.baseAddress!, values.count)
    return digest
  }
}

import Harness

/// The same transposition by OpenBLAS, and a plain copy.
let transpositionYardsticks = [
  Variant(
    "OpenBLAS somatcopy", peer: Peer(.openBLAS, "perflab_somatcopy"),
    prepare: { point, functions in
      typealias Transpose =
        @convention(c) (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
      return (
        pair: MatrixPair(point.value),
        transpose: functions("perflab_somatcopy", as: Transpose.self)
      )
    },
    run: { peer in peer.pair.run { peer.transpose($0, $1, $2) } }),
  .copying({ 4 * $0 * $0 }, passes: { MatrixPair.passes($0) }),
]

/// Scans in one kernel call: so many that even their limit, the reading alone, takes a microsecond.
func scanPasses(_ records: Int) -> Passes { Passes(over: records, toReach: 1 << 17) }

import Glibc
import Harness
import Platform
import Systems

extension Point {
  /// Where the other side of a conversation runs: a second processor where there is one.
  var otherCPU: Int { cpus.count > 1 ? cpus[1] : cpus[0] }

  /// Random bytes from the seed.
  func bytes(_ count: Int) -> [UInt8] {
    var random = generator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}

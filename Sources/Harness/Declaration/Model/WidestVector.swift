/// The widest vectors of the build that measured a machine's numbers: those that its SIMD code used.
public struct WidestVector: Sendable, Hashable {
  /// Elements of Float.
  public let lanes: Double
  /// A fused multiply-add of all lanes, one of many that do not wait for each other.
  public let multiplyAdd: Time
}

extension Question {
  /// What `SIMD16<Float>` is made of on this machine: one vector of 16 lanes, two of 8 or four of 4.
  ///
  /// A width that a build does not have is not among the machine's numbers.
  public func widestVector() throws(MissingNumber) -> WidestVector {
    for lanes in [16, 8] {
      if let time = try? time("fma.throughput.\(lanes * 32)") {
        return WidestVector(lanes: Double(lanes), multiplyAdd: time)
      }
    }
    return WidestVector(lanes: 4, multiplyAdd: try time("fma.throughput.128"))
  }
}

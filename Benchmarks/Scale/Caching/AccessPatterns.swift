import Harness
import Simulation
import Techniques

/// Keys that a cache of 2,000 entries is asked for, some 100,000 of them.
enum AccessPattern: Int, CaseIterable {
  case zipf, scans, loop, shifting

  static let (capacity, keyCount, count) = (2_000, 20_000, 100_000)

  var name: String {
    switch self {
    case .zipf: "Zipf"
    case .scans: "Zipf and scans"
    case .loop: "loop"
    case .shifting: "shifting popularity"
    }
  }

  func keys(seed: UInt64) -> [UInt64] {
    let popular = KeyStream(.zipf(Self.keyCount, exponent: 0.8), seed: seed, "keys")
    func named(_ key: Int) -> UInt64 { mixedHash(seed &+ UInt64(key)) }
    switch self {
    case .zipf: return (0..<Self.count).map { _ in named(popular.next()) }
    case .scans:
      // Three of ten requests read keys that nobody asks for again, 3,000 in a row.
      var (keys, fresh): ([UInt64], Int) = ([], Self.keyCount)
      while keys.count < Self.count {
        for _ in 0..<7_000 { keys.append(named(popular.next())) }
        for _ in 0..<3_000 {
          keys.append(named(fresh))
          fresh += 1
        }
      }
      return keys
    case .loop: return (0..<Self.count).map { named($0 % (Self.capacity + Self.capacity / 5)) }
    case .shifting:
      // Every 10,000 requests other keys are popular.
      return (0..<Self.count).map { place in
        named((popular.next() + place / 10_000 * 7_919) % Self.keyCount)
      }
    }
  }
}

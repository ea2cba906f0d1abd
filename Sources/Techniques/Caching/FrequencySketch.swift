/// How often keys were used lately, about: four counters up to 15 stand for each key, shared with
/// others, and the least of them counts. Ten uses per entry of the cache later all are halved, so
/// that what was popular once is forgotten.
///
/// Sources: G. Cormode, S. Muthukrishnan, "An improved data stream summary: the count-min sketch",
/// J. Algorithms 55(1), 2005; the halving from TinyLFU, see `TinyLFUCache`.
struct FrequencySketch: ~Copyable {
  private let counters: UnsafeMutablePointer<UInt8>
  private let mask: Int
  private let period: Int
  private var uses = 0

  /// - Parameter capacity: of the cache, in entries.
  init(capacity: Int) {
    var width = 8
    // So wide that few keys share all of their counters: hot keys would admit others.
    while width < 4 * capacity { width *= 2 }
    mask = width - 1
    period = 10 * capacity
    counters = .allocate(capacity: 4 * width)
    counters.initialize(repeating: 0, count: 4 * width)
  }

  deinit { counters.deallocate() }

  /// About how often the key was used; never too low since the last halving.
  func frequency(of key: UInt64) -> UInt8 {
    let hash = mixedHash(key)
    var least = UInt8.max
    for row in 0..<4 { least = min(least, counters[place(hash, row)]) }
    return least
  }

  mutating func use(_ key: UInt64) {
    let hash = mixedHash(key)
    for row in 0..<4 {
      let place = place(hash, row)
      if counters[place] < 15 { counters[place] += 1 }
    }
    uses += 1
    if uses == period { halve() }
  }

  /// A row's part of the hash; the rows lie one after the other.
  private func place(_ hash: UInt64, _ row: Int) -> Int {
    row * (mask + 1) + Int(truncatingIfNeeded: mixedHash(hash &+ UInt64(row))) & mask
  }

  private mutating func halve() {
    for place in 0..<4 * (mask + 1) { counters[place] /= 2 }
    uses = period / 2
  }
}

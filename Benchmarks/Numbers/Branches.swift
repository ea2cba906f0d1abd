import CPerflab
import Harness
import Results

/// The cost of branches: a predicted one, and a misprediction.
///
/// For the latter the same loop runs over random and over alternating bytes. Half of the random
/// branches are mispredicted, none of the alternating ones.
enum Branches {
  static let probes = [
    predicted,
    probe("branch.random") { _, random in UInt8(truncatingIfNeeded: random.next() >> 63) },
    probe("branch.alternating") { index, _ in UInt8(index & 1) },
  ]

  static let derived = DerivedNumber(
    "branch.miss", group: "Branches and calls", title: "Mispredicted branch",
    method: "loop over random bytes minus the loop over alternating ones, ÷ the half that is "
      + "mispredicted",
    from: ["branch.random", "branch.alternating"],
    compute: { values in (values[0] - values[1]) / 0.5 })

  private static let predicted = repeated(
    "branch.throughput", group: "Branches and calls", title: "Predicted branch, throughput",
    method: "sums with five overflow checks, never taken, and the loop branch, taken",
    count: 6 * 1_024, smoke: 6,
    prepare: { _ in perflab_opaque(1) },
    run: { step, count in
      var steps = (Int(step), Int(step), Int(step), Int(step), Int(step))
      perflab_escape(&steps)
      return 6 * checkedSums(count / 6, steps)
    })

  private static func probe(
    _ name: String, byte: @escaping @Sendable (Int, inout Xorshift) -> UInt8
  ) -> Probe {
    Probe(
      name, role: .ingredient, group: "Branches and calls", title: name,
      method: "one branch per byte", value: Bytes.window, smoke: 64,
      reading: { .operations(Double($0)) },
      variant: Variant(
        name, shows: ["count"],
        prepare: { point in
          Bytes(window: point.value, seed: point.seed, byte: byte)
        },
        run: { bytes in bytes.next() }))
  }
}

/// More bytes than a predictor remembers.
private struct Bytes {
  static let window = 16 << 10
  private let windows: Windows<UInt8>

  init(window: Int, seed: UInt64, byte: (Int, inout Xorshift) -> UInt8) {
    var random = Xorshift(seed)
    windows = Windows(64, of: window) { byte($0, &random) }
  }

  func next() -> Int {
    windows.next().withUnsafeBufferPointer { count($0.baseAddress!, $0.count) }
  }
}

/// Values that are gone through a window at a time, again and again.
final class Windows<Value> {
  private let values: [Value]
  private let length: Int
  private var position = 0

  init(_ count: Int, of length: Int, value: (Int) -> Value) {
    values = (0..<count * length).map(value)
    self.length = length
  }

  func next() -> ArraySlice<Value> {
    let from = position
    position = (position + length) % values.count
    return values[from..<from + length]
  }
}

/// Five sums that don't wait for each other, each checked for overflow.
@inline(never)
private func checkedSums(_ rounds: Int, _ steps: (Int, Int, Int, Int, Int)) -> Int {
  var (a, b, c, d, e) = (0, 0, 0, 0, 0)
  for _ in 0..<rounds {
    a += steps.0
    b += steps.1
    c += steps.2
    d += steps.3
    e += steps.4
  }
  return (a &+ b &+ c &+ d &+ e) / 5
}

/// `perflab_opaque` is volatile, so the compiler cannot turn the branch into a conditional move.
@inline(never)
private func count(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
  var odd: Int64 = 0
  for index in 0..<count where bytes[index] != 0 { odd = perflab_opaque(odd &+ 1) }
  return Int(odd)
}

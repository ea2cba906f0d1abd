import CPerflab
import Harness
import Results

/// Single words: one that comes back from the store queue, and many that an index names.
enum SingleWords {
  static let probes = [
    repeated(
      "store.forward", group: "Memory latency", title: "Load of what was just stored",
      method: "a word stored and loaded back, each at another place, on the value of the last",
      count: 4096,
      prepare: { _ in try Region(places * 64) },
      run: { region, count in passOn(region.start, count) }),
    repeated(
      "gather", group: "Memory latency", title: "Word that an index names, L1",
      method: "sum of 32-bit words of \(sized(named * 4)), by an array of indices",
      count: named, smoke: 64,
      prepare: { point in Index(point.seed) },
      run: { index, count in Int(total(index.words, index.order, count)) }),
  ]
}

/// Lines that stores go to in turn, and words that are named.
private let places = 64
private let named = 2048

@inline(never)
private func passOn(_ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
  var value = count
  for turn in 0..<count {
    let place = (turn & (places - 1)) << 6
    start.storeBytes(of: value, toByteOffset: place, as: Int.self)
    perflab_escape(start)
    value = start.load(fromByteOffset: place, as: Int.self)
  }
  return value
}

private struct Index: Sendable {
  let words: AlignedBuffer<Int32>
  let order: AlignedBuffer<Int32>

  init(_ seed: UInt64) {
    var random = Xorshift(seed)
    words = AlignedBuffer(count: named) { Int32($0) }
    order = AlignedBuffer(count: named) { _ in Int32(random.below(named)) }
  }
}

/// Wraps around, so that the compiler may take as many at a time as the machine can gather.
@inline(never)
private func total(
  _ words: AlignedBuffer<Int32>, _ order: AlignedBuffer<Int32>, _ count: Int
) -> Int32 {
  let words = words.opaqueElements
  var total = Int32(0)
  for index in order.opaqueElements.prefix(count) { total &+= words[Int(index)] }
  return total
}

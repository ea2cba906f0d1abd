import CPerflab
import Harness
import Results

/// Single words: one that comes back from the store queue, many that are written, many that are
/// summed, and many that an index names.
enum SingleWords {
  static let probes = [
    repeated(
      "store.forward", group: "Memory latency", title: "Store-to-load forwarding",
      method: "a word stored and loaded back through another pointer, each at a new address, "
        + "dependent on the previous value",
      count: 4096, smoke: places, prepare: { _ in try Places() },
      run: { places, count in passOn(places.ways, places.back, count) }),
    repeated(
      "add.memory", group: "Memory latency", title: "Addition to a word in memory, in a chain",
      method: "a word loaded, added to and stored again and again, through one pointer",
      count: 4096, smoke: 64, prepare: { _ in AlignedBuffer(count: 8) { $0 } },
      run: { words, count in addInPlace(words.elements.baseAddress!, count) }),
    repeated(
      "latency.l1.index", group: "Memory latency", title: "Load by index from L1",
      method: "words of \(sized(written * 8)), each the index of the next, in one random cycle",
      count: 4096, smoke: 64, prepare: { point in cycle(point.seed) },
      run: { next, count in follow(next, count) }),
    repeated(
      "store.throughput", group: "Memory latency", title: "Store of a word, L1, throughput",
      method: "words of \(sized(written * 8)) written in order",
      count: written, smoke: 64,
      prepare: { point in AlignedBuffer(count: point.value) { $0 } },
      run: { words, count in write(words, count) }),
    repeated(
      "store.throughput.float", group: "Memory latency",
      title: "Store of a Float, L1, throughput",
      method: "words of \(sized(written * 4)) written in order from a vector register",
      count: written, smoke: 64,
      prepare: { point in AlignedBuffer<Float>(count: point.value) { Float($0) } },
      run: { words, count in
        perflab_store_floats(words.elements.baseAddress!, count, 1)
        return Int(words.elements[count / 2])
      }),
    repeated(
      "load.throughput", group: "Memory latency", title: "Load of a word, L1, throughput",
      method: "words of \(sized(written * 8)) added to eight sums",
      count: written, smoke: 64,
      prepare: { point in AlignedBuffer<Int64>(count: point.value) { Int64($0) } },
      run: { words, count in Int(perflab_sum_words(words.elements.baseAddress!, count)) }),
    repeated(
      "loop.sum", group: "Branches and calls", title: "Step of a loop that sums words, L1",
      method: "\(sized(summed * 8)) of words: a load, an addition with its overflow check, and the "
        + "loop's count and branch",
      count: summed, smoke: 64,
      prepare: { point in AlignedBuffer(count: point.value) { $0 } },
      run: { words, _ in checkedSum(words.opaqueElements) }),
    repeated(
      "mask.throughput", group: "Arithmetic", title: "Compare 64 bytes, mask to register",
      method: "masks of one byte value over \(sized(masked * 64)), summed",
      count: masked, smoke: 4,
      prepare: { point in AlignedBuffer<UInt8>(count: point.value * 64) { UInt8($0 & 63) } },
      run: { bytes, count in
        Int(
          truncatingIfNeeded: perflab_sum_masks(bytes.elements.baseAddress!, count, 7))
      }),
    repeated(
      "gather", group: "Memory latency", title: "Indexed load (gather), L1",
      method: "sum of 32-bit words in \(sized(named * 4)), addressed by an array of indices",
      count: named, smoke: 64,
      prepare: { point in Index(point.seed) },
      run: { index, count in Int(total(index.words, index.order, count)) }),
  ]
}

/// Lines that stores go to in turn, and words that are named.
private let places = 64
private let named = 2048
/// Words that are read or written.
private let written = 512
/// Words that are summed: many for the one branch that is mispredicted at the end.
private let summed = 2048
/// Lines that are compared.
private let masked = 128

/// The index behind each index, in one random cycle (see `Chain`).
private func cycle(_ seed: UInt64) -> AlignedBuffer<Int> {
  var random = Xorshift(seed)
  var next = Array(0..<written)
  for index in stride(from: written - 1, to: 0, by: -1) {
    next.swapAt(index, random.below(index))
  }
  return AlignedBuffer(count: written) { next[$0] }
}

@inline(never)
private func follow(_ next: AlignedBuffer<Int>, _ count: Int) -> Int {
  let next = next.opaqueElements.baseAddress!
  var index = 0
  for _ in 0..<count { index = next[index] }
  return index
}

/// What a compiler makes of a sum that others may look at between two additions.
@inline(never)
private func addInPlace(_ word: UnsafeMutablePointer<Int>, _ count: Int) -> Int {
  for _ in 0..<count {
    word.pointee &+= 1
    perflab_escape(word)
  }
  return word.pointee
}

/// The loop of a program that sums an array.
@inline(never)
private func checkedSum(_ words: UnsafeBufferPointer<Int>) -> Int {
  var total = 0
  for word in words { total += word }
  return total
}

/// One store a word: the compiler can't make vectors of values that it doesn't know.
@inline(never)
private func write(_ words: AlignedBuffer<Int>, _ count: Int) -> Int {
  let words = words.elements.baseAddress!
  var index = 0
  while index + 8 <= count {
    words[index] = opaque(index)
    words[index + 1] = opaque(index)
    words[index + 2] = opaque(index)
    words[index + 3] = opaque(index)
    words[index + 4] = opaque(index)
    words[index + 5] = opaque(index)
    words[index + 6] = opaque(index)
    words[index + 7] = opaque(index)
    index &+= 8
  }
  return words[count / 2]
}

/// Two ways to each place: a core may pass a value on without a look at memory where the same
/// register says where it is.
private final class Places {
  private let region: Region
  let ways: AlignedBuffer<UnsafeMutableRawPointer>
  let back: AlignedBuffer<UnsafeMutableRawPointer>

  init() throws {
    let region = try Region(places * 64)
    self.region = region
    ways = AlignedBuffer(count: places) { region.start + $0 * 64 }
    back = AlignedBuffer(count: places) { region.start + $0 * 64 }
  }
}

@inline(never)
private func passOn(
  _ ways: AlignedBuffer<UnsafeMutableRawPointer>, _ back: AlignedBuffer<UnsafeMutableRawPointer>,
  _ count: Int
) -> Int {
  var value = count
  for _ in 0..<count / places {
    for place in 0..<places {
      ways.elements[place].storeBytes(of: value, as: Int.self)
      perflab_escape(ways.elements.baseAddress)
      value = back.elements[place].load(as: Int.self)
    }
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

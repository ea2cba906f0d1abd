import Harness
import Results

/// The model of `MatrixTransposition`: sixteen elements are a line read and a line written, each
/// as a whole.
struct TransposedLines {
  private let question: Question

  init(_ question: Question) { self.question = question }

  /// What an element costs.
  var model: Model {
    get throws(MissingNumber) {
      Model(try (question.value < 1_024 ? throughCaches : pastCaches) / 16)
    }
  }

  /// Lines that come and go at the rate of a copy, since the stores go on along sixteen rows. In the
  /// first level the work overlaps with that. Beyond it a step waits for its lines: it reads along
  /// eight rows and writes along sixteen, more than what is prefetched.
  private var throughCaches: Time {
    get throws(MissingNumber) {
      let work = longest(
        try permutations, try copy(in: .l1).named("vector loads and stores"))
      let stride = 4 * question.value
      let home = question.home(of: 2 * Double(stride * question.value))
      if home == .l1 { return work }
      var lines = try copy(in: home).named("copy bandwidth of \(home.title)")
      // Two steps fill a line; where the eight lines that each reads and the sixteen that both write
      // share too few sets, it goes between them.
      if !question.holds(32, atStride: stride, in: .l1) {
        lines = lines + (try copy(in: .l2)).named("lines that return from L2")
      }
      return work + lines
    }
  }

  /// A block is gathered in the first level, and leaves it with non-temporal stores.
  private var pastCaches: Time {
    get throws(MissingNumber) {
      let set = 4 * Double(question.value * question.value)
      let (home, hasL3) = (question.home(of: set), question.capacity(of: .l3) != nil)
      let level = home == .memory && hasL3 ? .l3 : home
      let share = hasL3 ? try question.shareOfMemory(in: set) : level == .memory ? 1 : 0
      let near = try line(at: question.readBandwidth(of: level))
        .named("bandwidth of \(level.title)")
      let far = try line(at: question.readBandwidth(of: .memory)).named("bandwidth of memory")
      let work =
        try permutations
        + line(at: question.readBandwidth(of: .l1)).named("reading the buffer")
      let written = try line(at: question.bandwidth("bandwidth.write.nontemporal"))
        .named("non-temporal write")
      // A row's part of a block is four lines, on another page than the next row's.
      let side = Double(question.value)
      let pages = try question.wordOfRows(side, in: 4 * side * side) / 4
      let read = (1 - share) * longest(work, near) + share * (work + far)
      return read + written + pages.named("rows on different pages")
    }
  }

  /// Four for each line in vectors of eight elements, and two that join halves of vectors; eight in
  /// vectors of four. Each is one instruction on a whole vector.
  private var permutations: Time {
    get throws(MissingNumber) {
      let work: Time
      if let wide = try? question.time("fma.throughput.256") {
        work = 6 * wide
      } else {
        work = 8 * (try question.time("fma.throughput.128"))
      }
      return work.named("permutations")
    }
  }

  private func copy(in level: MemoryLevel) throws(MissingNumber) -> Time {
    Size.exactly(128) / (try question.bandwidth("bandwidth.copy.\(level.rawValue)"))
  }

  private func line(at bandwidth: Bandwidth) -> Time { Size.exactly(64) / bandwidth }
}

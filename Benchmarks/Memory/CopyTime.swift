import Harness
import Results

/// The model of `memory/non-temporal-copy`.
struct CopyTime {
  private let question: Question

  init(_ question: Question) { self.question = question }

  /// A line that is copied by the question's variant.
  func line() throws(MissingNumber) -> Time {
    // Two instances of the baseline and two other variants have two buffers each.
    let (one, all) = (Double(question.value), Double(8 * question.value))
    guard question.isBaseline else {
      // What is written leaves the caches to the source.
      return try question.once(one, amid: all, each: 64) { set throws(MissingNumber) in
        try pastCaches(set)
      }
    }
    return try question.once(2 * one, amid: all, each: 128) { set throws(MissingNumber) in
      try throughCaches(set)
    }
  }

  /// Past the caches, out of a source of so many bytes.
  private func pastCaches(_ set: Double) throws(MissingNumber) -> Time {
    let written = Size.exactly(64) / (try question.bandwidth("bandwidth.write.nontemporal"))
    // Lines of the third level are prefetched to the second, meanwhile.
    let near = Size.exactly(64) / (try question.readBandwidth(of: .l2))
    let far = Size.exactly(64) / (try question.readBandwidth(of: .memory))
    let share = try question.shareOfMemory(in: set)
    let read = (1 - share) * near + share * far
    return written.named("non-temporal write")
      + read.named("reading", because: "A core fetches lines and sends them by turns.")
  }

  /// Through the caches, of two buffers of so many bytes together.
  private func throughCaches(_ set: Double) throws(MissingNumber) -> Time {
    let level = question.home(of: min(set, Double(question.capacity(of: .l3) ?? 0)))
    let share = try question.shareOfMemory(in: set)
    let cached = try Size.exactly(128) / question.bandwidth("bandwidth.copy.\(level.rawValue)")
    let transfers = try Size.exactly(128) / question.bandwidth("bandwidth.copy.memory")
    return ((1 - share) * cached).named("copying in \(level.title)")
      + (share * transfers).named("memory transfers", because: "Three for each line.")
  }
}

/// Times with a number each, the earliest first: a binary heap.
struct TimerHeap {
  private var entries: [(time: UInt64, number: Int)] = []

  /// The earliest time; nil where there is none.
  var next: UInt64? { entries.first?.time }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func insert(_ number: Int, at time: UInt64) {
    entries.append((time, number))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].time <= entries[child].time { break }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  /// The number of the earliest time where that is not after `now`.
  mutating func pop(upTo now: UInt64) -> Int? {
    guard let first = entries.first, first.time <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink()
    }
    return first.number
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
        if entries[child].time < entries[least].time { least = child }
      }
      if least == parent { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}

/// A range of keys that one branch of a quicksort owns.
struct Keys: @unchecked Sendable {
  // SAFETY (@unchecked): `partitioned` returns disjoint ranges, one for each branch.
  let first: UnsafeMutablePointer<Int>
  let count: Int

  /// Splits at the median of the first, middle and last key, by Hoare's scheme; nil for at most 24
  /// keys, which are not worth splitting.
  @inline(never)
  func partitioned() -> (low: Keys, high: Keys)? {
    if count <= 24 { return nil }
    let (a, b, c) = (first[0], first[count / 2], first[count - 1])
    let pivot = max(min(a, b), min(max(a, b), c))
    var (left, right) = (-1, count)
    while true {
      repeat { left &+= 1 } while first[left] < pivot
      repeat { right &-= 1 } while first[right] > pivot
      if left >= right { break }
      (first[left], first[right]) = (first[right], first[left])
    }
    // Two of the three are not above the pivot and two not below it: neither part is empty.
    let split = right + 1
    return (Keys(first: first, count: split), Keys(first: first + split, count: count - split))
  }

  @inline(never)
  func insertionSort() {
    for index in stride(from: 1, to: count, by: 1) {
      let key = first[index]
      var hole = index
      while hole > 0 && first[hole - 1] > key {
        first[hole] = first[hole - 1]
        hole &-= 1
      }
      first[hole] = key
    }
  }

  /// Depends on every key and its position. The lowest bit is 1 if the keys are in order.
  var digest: Int {
    var digest = 0
    var isSorted = true
    for index in 0..<count {
      digest = digest &* 31 &+ first[index]
      if index > 0 && first[index - 1] > first[index] { isSorted = false }
    }
    return isSorted ? digest | 1 : digest & ~1
  }
}

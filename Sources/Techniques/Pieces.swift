/// A range from 0 in as few pieces as the limit allows, whose lengths differ by at most 1.
struct Pieces: Sequence, IteratorProtocol {
  private let total: Int
  private var start = 0
  private var left: Int

  init(of total: Int, upTo limit: Int) {
    self.total = total
    left = (total &+ limit &- 1) / limit
  }

  @inline(__always)
  mutating func next() -> (start: Int, count: Int)? {
    guard left > 0 else { return nil }
    let piece = (start: start, count: (total &- start) / left)
    start &+= piece.count
    left &-= 1
    return piece
  }
}

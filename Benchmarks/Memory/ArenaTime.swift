import Harness
import Results

/// Time of an object of `memory/arena`.
func timeOfRequest(_ question: Question) throws(MissingNumber) -> Model? {
  guard question.isBaseline || question.variant == "arena" else { return nil }
  let objects = Double(question.value)
  // While the walk over few objects waits for its loads, the core frees them already, or allocates
  // for the next request.
  let isHidden = 3 * objects <= question.window
  if isHidden, !question.isBaseline {
    let each = instructionsOfObject + instructionsOfRequest / objects
    return Model(try question.instructions(each).named("instructions"))
  }
  let load = try question.latency(of: .l1)
  let walk = load.named("walk over the list")
  guard question.isBaseline else {
    // Each position of an arena depends on the one before, through memory; its stores do not wait
    // for their lines.
    return Model(
      longest(
        load.named("advance of the position") + walk,
        try linesBeyondL2(objects, of: 48, passes: 2, question)))
  }
  // Seven blocks are in the fast path.
  let fast = min(1, 7 / objects)
  let pairs =
    try fast * question.time("malloc.free.64") + (1 - fast) * question.time("malloc.free.64.many")
  return Model(
    pairs.named("malloc and free") + (isHidden ? .zero : walk)
      + (try linesBeyondL2(objects, of: 64, passes: 3, question)))
}

/// Counted in the machine code: of an object's allocation and visit, and of a request besides.
private let instructionsOfObject = 21.0
private let instructionsOfRequest = 55.0

/// Time that an object's share of lines takes: allocating, walking and freeing each fetch it and
/// evict as much that was written.
private func linesBeyondL2(
  _ objects: Double, of bytes: Double, passes: Double, _ question: Question
) throws(MissingNumber) -> Time {
  let set = objects * bytes
  let level = question.home(of: set)
  guard level == .l3 || level == .memory else { return .zero }
  let pass = try question.moving(2 * bytes, by: "copy", in: set)
  return (passes * pass).named("lines to and from \(level.title)")
}

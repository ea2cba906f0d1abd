import Harness
import Results

/// The model of `memory/page-reuse`: what a step of a buffer costs.
func costOfPage(_ question: Question) throws(MissingNumber) -> Model? {
  if question.variant == "malloc and free" { return nil }
  let (bytes, step) = (Double(question.value), Double(pageStepBytes))
  // The words that are read, one in 4 KiB, map to more lines than their few sets of the first
  // level hold.
  let sets = question.sets(of: .l1, atStride: pageStepBytes)?.count ?? 1
  let word = longest(
    try question.curve(.crowdedLoad, at: Double(sets)),
    try question.overlappedLine(from: question.home(of: bytes))
  ).named("reading one word")
  guard question.isBaseline else {
    // Two instances of the baseline and another variant have filled as much.
    let filling = try question.once(bytes, amid: 4 * bytes, each: step) {
      set throws(MissingNumber) in
      try question.moving(step, by: "write", in: set)
    }
    return Model(filling.named("filling") + word)
  }
  let filling = Size.exactly(step) / (try question.bandwidth("write", in: step))
  // A small buffer gets the pages that the last one gave back, which are still in a cache. Those of a
  // large one come from memory, as where a page is written for the first time.
  let home = question.home(of: bytes)
  let turnover = try question.time("page.turnover").named("mapping, page fault, unmapping")
  let fault = try question.time("page.fault.4k").named("page fault, memory in no cache")
  let page = home == .l1 || home == .l2 ? turnover : longest(turnover, fault)
  return Model(
    step / Double(question.pageBytes) * page
      + filling.named("filling", because: "The kernel has just cleared the page: it is in L1.")
      + word)
}

/// Of the words that are read: the smallest page there is.
let pageStepBytes = 4_096

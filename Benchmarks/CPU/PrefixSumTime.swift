import Harness

/// The model of a prefix sum: time per element.
func prefixSumTime(_ question: Question) throws(MissingNumber) -> Time {
  // Both arrays compete for the caches.
  let bytes = 16 * Double(question.value)
  let warm = try passTime(question, in: bytes)
  // A long call finds what the two other instances, with their own arrays, left in the caches.
  let cold = try passTime(question, in: 3 * bytes)
  return SampleLength.isCold(Double(question.value) * warm.value) ? cold : warm
}

/// Time of a pass if `workingSet` bytes are read in order over and over.
private func passTime(
  _ question: Question, in workingSet: Double
) throws(MissingNumber) -> Time {
  func bandwidthBound(_ bytes: Double, _ bandwidth: Bandwidth) -> Time {
    (.exactly(bytes) / bandwidth).named("bandwidth of one core")
  }
  let scanned = longest(
    try question.time("add.integer.latency").named("additions in a chain"),
    bandwidthBound(16, try question.bandwidth("copy", in: workingSet)))
  if question.isBaseline { return scanned }
  let read = bandwidthBound(8, try question.bandwidth("read", in: workingSet))
  // The two threads share the bandwidth for what comes from memory.
  let far = try question.shareOfMemory(in: workingSet)
  let copiedByAll = Size.exactly(16) / (try question.bandwidth("bandwidth.copy.memory.all"))
  let readByAll = Size.exactly(8) / (try question.bandwidth("bandwidth.read.memory.all"))
  func shared(_ time: Time) -> Time { (far * time).named("memory bandwidth of both cores") }
  // Of nine parts block 0 has one, the other two have four each.
  let first = Double(PrefixSumInput.firstBlock(of: 9)) / 9
  let half = (1 - first) / 2
  let firstPass = longest(
    first * scanned, half * read, shared(first * copiedByAll + half * readByAll))
  let secondPass = longest(half * scanned, shared(2 * half * copiedByAll))
  let barriers = (2 / Double(question.value) * (try question.time("team.round")))
    .named("two barriers")
  return firstPass + secondPass + barriers
}

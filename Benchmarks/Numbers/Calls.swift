import CPerflab
import Harness
import Results

/// Calls that the compiler cannot see through, and hashing.
enum Calls {
  private static let group = "Branches and calls"

  static let probes = [
    repeated(
      "call.direct.throughput", group: group, title: "Call of a function, independent",
      method: "a function that is not inlined, results summed", count: 4096,
      prepare: { _ in () },
      run: { _, count in total(count) }),
    repeated(
      "call.existential", group: group, title: "Call through a protocol",
      method: "a method of `any P`, each call on the previous result", count: 4096,
      prepare: { _ in perflab_opaque(0) == 0 ? One() as any Step : Two() },
      run: { step, count in chain(step, count) }),
    repeated(
      "call.closure", group: group, title: "Call of a closure",
      method: "a closure that captures a variable, each call on the previous result", count: 4096,
      prepare: { _ in makeClosure(Int(perflab_opaque(1))) },
      run: { step, count in chain(step, count) }),
    repeated(
      "call.closure.throughput", group: group, title: "Call of a closure, independent",
      method: "a closure that captures a variable, results summed", count: 4096,
      prepare: { _ in Held(step: makeClosure(Int(perflab_opaque(1)))) },
      run: { held, count in total(held.step, count) }),
    repeated(
      "hash.int", group: "Runtime", title: "Hash of an Int",
      method: "hashValue (SipHash-1-3) of independent Ints", count: 1024,
      prepare: { point in
        var random = Xorshift(point.seed)
        return (0..<1024).map { _ in Int(truncatingIfNeeded: random.next()) }
      },
      run: { values, count in hashes(values, count) }),
    repeated(
      "hash.string", group: "Runtime", title: "Hash of a short String",
      method: "hashValue of independent ASCII strings of 12 bytes", count: 1024,
      prepare: { point in
        var random = Xorshift(point.seed)
        return (0..<1024).map { _ in "key-" + String(10_000_000 + random.below(90_000_000)) }
      },
      run: { values, count in hashes(values, count) }),
  ]
}

private protocol Step {
  func next(_ value: Int) -> Int
}

private final class One: Step {
  private let step = 1
  func next(_ value: Int) -> Int { value &+ step }
}

private final class Two: Step {
  private let step = 2
  func next(_ value: Int) -> Int { value &+ step }
}

@inline(never)
private func plain(_ value: Int) -> Int { opaque(value) }

@inline(never)
private func total(_ count: Int) -> Int {
  var total = 0
  for index in 0..<count { total &+= plain(index) }
  return total
}

/// By itself as a generic input, the closure would be called through a thunk.
private struct Held {
  let step: (Int) -> Int
}

@inline(never)
private func makeClosure(_ step: Int) -> (Int) -> Int {
  if step > 1 { return { $0 &+ step } }
  return { $0 &- step }
}

@inline(never)
private func chain(_ step: any Step, _ count: Int) -> Int {
  var value = 0
  for _ in 0..<count { value = step.next(value) }
  return value
}

@inline(never)
private func chain(_ step: (Int) -> Int, _ count: Int) -> Int {
  var value = 0
  for _ in 0..<count { value = step(value) }
  return value
}

@inline(never)
private func total(_ step: (Int) -> Int, _ count: Int) -> Int {
  var total = 0
  for index in 0..<count { total &+= step(index) }
  return total
}

@inline(never)
private func hashes(_ values: [Int], _ count: Int) -> Int {
  var all = 0
  for index in 0..<count { all ^= values[index].hashValue }
  return all
}

@inline(never)
private func hashes(_ values: [String], _ count: Int) -> Int {
  var all = 0
  for index in 0..<count { all ^= values[index].hashValue }
  return all
}

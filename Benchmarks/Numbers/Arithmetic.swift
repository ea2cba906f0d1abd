import CPerflab
import Harness
import Results

/// Latency of arithmetic in a dependency chain; for integer addition also the throughput.
func latencyOfArithmetic() -> [Probe] {
  [
    chain("add.latency", "Add, Float", "s += x") {
      Double(addChain(1, Float(perflab_opaque(1)), $0))
    },
    chain("mul.latency", "Multiply, Float", "s *= x") {
      Double(mulChain(1, Float(perflab_opaque(1)), $0))
    },
    chain("fma.latency", "Multiply-add, Float", "s = s × x + y") {
      Double(fmaChain(1, Float(perflab_opaque(1)), $0))
    },
    // By the loops of `CoreGauge`, which is compared with these two.
    chain("add.integer.latency", "Add, Int", "s &+= x", steps: Int(PERFLAB_INSTRUCTIONS_A_ROUND)) {
      perflab_additions_chained(Int64($0))
      return Double($0)
    },
    chain("mul.integer.latency", "Multiply, Int", "s &*= x") {
      Double(integerMulChain(perflab_opaque(3), $0))
    },
    throughput(
      "add.integer.throughput", "Add, Int, throughput", "eight independent chains of s &+= x",
      run: perflab_additions_apart),
    throughput(
      "nop.throughput", "Instruction that does nothing, throughput",
      "64 of them in a loop: as many as a core begins in a cycle", run: perflab_nops),
    chain(
      "add.vector.latency", "Add, vector of Int32", "s &+= x", steps: Int(PERFLAB_CHAINS)
    ) {
      Double(perflab_vector_add_chain(Int64($0), 3))
    },
  ]
}

private func throughput(
  _ name: String, _ title: String, _ method: String, run: @escaping @Sendable (Int64) -> Void
) -> Probe {
  Probe(
    name, group: "Arithmetic", title: title, method: method, value: 1_000, smoke: 4,
    reading: { .operations(Double(Int(PERFLAB_INSTRUCTIONS_A_ROUND) * $0)) },
    variant: Variant(
      name, shows: [], prepare: { point in point.value },
      run: { rounds in
        run(Int64(rounds))
        return rounds
      }))
}

private func chain(
  _ name: String, _ title: String, _ formula: String, steps: Int = 8,
  run: @escaping @Sendable (_ rounds: Int) -> Double
) -> Probe {
  Probe(
    name, group: "Arithmetic", title: "\(title), latency", method: "dependency chain of \(formula)",
    value: 1_000, smoke: 4, reading: { .operations(Double(steps * $0)) },
    variant: Variant(
      name, shows: [], prepare: { point in point.value }, run: { rounds in run(rounds) }))
}

// Floating-point operations must not be reordered, so their chains stay as written. Integers are
// held by `perflab_opaque`, which is no instruction, or the compiler would fold the chain.

@inline(never)
private func addChain(_ start: Float, _ x: Float, _ rounds: Int) -> Float {
  var s = start
  for _ in 0..<rounds {
    s += x
    s += x
    s += x
    s += x
    s += x
    s += x
    s += x
    s += x
  }
  return s
}

@inline(never)
private func mulChain(_ start: Float, _ x: Float, _ rounds: Int) -> Float {
  var s = start
  for _ in 0..<rounds {
    s *= x
    s *= x
    s *= x
    s *= x
    s *= x
    s *= x
    s *= x
    s *= x
  }
  return s
}

@inline(never)
private func fmaChain(_ start: Float, _ x: Float, _ rounds: Int) -> Float {
  var s = start
  for _ in 0..<rounds {
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
    s = x.addingProduct(s, x)
  }
  return s
}

@inline(never)
private func integerMulChain(_ x: Int64, _ rounds: Int) -> Int {
  var s = x
  for _ in 0..<rounds {
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
    s = perflab_opaque(s &* x)
  }
  return Int(s)
}

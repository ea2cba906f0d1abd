import Harness
import Results

/// A probe whose kernel repeats one operation `count` times on what `prepare` made.
func repeated<Input>(
  _ name: String, group: String, title: String, method: String, needs: [Requirement] = [],
  count: Int, smoke: Int = 4, role: Probe.Role = .number, startsThreads: Bool = false,
  environment: VariantEnvironment = VariantEnvironment(),
  prepare: @escaping @Sendable (Point) throws -> Input,
  run: @escaping @Sendable (_ input: Input, _ count: Int) -> Int
) -> Probe {
  Probe(
    name, role: role, group: group, title: title, method: method, needs: needs, value: count,
    smoke: smoke, startsThreads: startsThreads, reading: { .operations(Double($0)) },
    variant: Variant(
      name, shows: [], environment: environment,
      prepare: { point in Repeated(input: try prepare(point), count: point.value) },
      run: { repeated in run(repeated.input, repeated.count) }))
}

private struct Repeated<Input> {
  let input: Input
  let count: Int
}

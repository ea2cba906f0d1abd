import Harness
import Results

extension Experiment {
  /// How much memory, and with it how much processor, a function gets.
  static let functionSize = Experiment(
    cost: "function-size", "compute/serverless",
    title: "A function's memory: the smallest → a whole core's",
    claim: """
      While a function computes, fourteen times the memory costs the same and answers fourteen times \
      sooner; every millisecond that it waits for others is paid for all of that memory.
      """,
    mechanism: """
      A function gets processor in proportion to its memory, up to a core at 1,769 MB. Computing on a \
      fraction of a core takes the inverse of that fraction: memory times time stays the same. \
      Waiting for a database takes as long on any size, and is paid by memory. So the share of \
      waiting decides: without it the smallest size saves nothing but makes users wait.
      """,
    limits: """
      Above a core a function of one thread only becomes more expensive. What a user's time is worth \
      is not counted: it favours the large size. A function that needs more memory than the smallest \
      size has is slower still there, or fails.
      """,
    diagram: """
      flowchart LR
        subgraph before["128 MB: {128 MB}"]
          c0["1/14 of a core"] --> w0["waits {point}"]
        end
        subgraph after["1,769 MB: {1,769 MB}"]
          c1["a core"] --> w1["waits {point}"]
        end
        middle["512 MB: {512 MB}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "waiting in a call", [1, 3, 10, 30, 100, 300], smoke: 10, label: { "\($0) ms" }),
    rule: RuleOfThumb(
      "the least memory that works is the cheapest", source: "folklore, and most bills' first item"),
    headline: DeclaredHeadline(value: 1, variant: "1,769 MB"),
    shows: ["time of a call"],
    options: [128.0, 512, 1_769].map { size in
      Variant(
        computed: size == 1_769 ? "1,769 MB" : "\(Int(size)) MB", shows: ["bill", "seconds"]
      ) { question throws(MissingNumber) in
        let waiting = Double(question.value)
        return Computation(try bill(size, waiting))
          .showing("time of a call", seconds(size, waiting) * Time.exactly(1e9))
      }
    })
}

private func seconds(_ megabytes: Double, _ waiting: Double) -> Ratio {
  let work = Ratio.assumed("milliseconds of CPU of a call", 20, in: 5...100)
  return (work / .exactly(min(1, megabytes / 1_769)) + .exactly(waiting)) / .exactly(1_000)
}

/// A hundred million calls a month.
private func bill(_ megabytes: Double, _ waiting: Double) throws(MissingNumber) -> Bill {
  let calls = 100e6
  let used = Term<GigabyteSeconds>((calls * megabytes / 1_024) * seconds(megabytes, waiting))
  return try (Provider.aws.price("function.request") * Term<Requests>.exactly(calls))
    .named("requests") + (Provider.aws.price("function.duration") * used).named("duration")
}

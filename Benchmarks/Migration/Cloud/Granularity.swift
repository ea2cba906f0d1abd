import CostBenchmarks
import Harness
import Prices
import Results

extension Experiment {
  /// A chain of steps, as functions or as one.
  static let granularity = Experiment(
    id: "migration/granularity",
    title: "A chain of steps: a function for each → one function, one service",
    slot: "migration/cloud/serverless",
    claim: """
      Cut into a function for each step, a chain pays more for the messages between the steps \
      than for the steps, and its response takes a message's time per step; one function does the \
      same for a tenth. A service costs less than functions for each step from about four steps \
      on, and more than the one function at twelve chains a second.
      """,
    mechanism: """
      A million chains a day of {point}, 20 ms of work each. Between two functions lies a queue: \
      a message is sent, received and deleted, three requests that are billed, and takes some 20 \
      ms; each function is billed for its call and its time, and half of it waits. In one \
      function the steps are calls: one request, no message, all the work. A service of two \
      machines at least has neither, and is paid whether it works or not. The prices of a \
      function's call, of its time and of a message decide, and each is a different list.
      """,
    limits: """
      Messages buy what calls don't: a step that fails is tried again alone, and a slow one has \
      its own queue; in one function the whole chain is done again. A state machine that is \
      billed by the step (its price is not in `Prices/`) costs more than the queue. A function \
      has a time limit, which chains of minutes exceed. Steps of different memory waste the \
      largest one's in one function. The response times are sums of means, without cold starts.
      """,
    diagram: """
      flowchart LR
        subgraph before["a function each: {a function each}"]
          direction LR
          a0["step"] -- "queue" --> b0["step"] -- "queue, {point}" --> c0["step"]
        end
        service["a service: {a service}"]
        subgraph after["one function: {one function}"]
          a1["{point}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("steps", [2, 5, 10, 20], smoke: 5, label: { "\($0) steps" }),
    metric: .dollars("cost"), signals: ["ms of a chain"],
    work: { _ in Work(elements: 1, each: "month") },
    variants: [
      computed("a function each", shows: "functionEach", functionEach) { steps in
        steps * stepTime + (steps - 1) * hop
      },
      computed("a service", shows: "service", service) { $0 * stepTime },
      computed("one function", shows: "oneFunction", oneFunction) { $0 * stepTime },
    ],
    rule: RuleOfThumb("a function does one thing", source: "guides to serverless architectures"),
    headline: DeclaredHeadline(value: 10, variant: "one function"))
}

/// In milliseconds.
private let stepTime = Ratio.exactly(20)
private let hop = Ratio.assumed("ms from a function to the next through a queue", 20, in: 8...60)
private let chains = 30.4e6

private func computed(
  _ name: String, shows: String,
  _ bill: @escaping @Sendable (Double) throws(MissingNumber) -> Bill,
  _ milliseconds: @escaping @Sendable (Double) -> Ratio
) -> Variant {
  Variant(computed: name, shows: [shows]) { question throws(MissingNumber) in
    let steps = Double(question.value)
    return Computation(try bill(steps)).showing("ms of a chain", milliseconds(steps))
  }
}

/// Calls of functions with half a gigabyte.
private func calls(_ count: Double, milliseconds: Ratio) throws(MissingNumber) -> Bill {
  let used = Term<GigabyteSeconds>(count * 0.5 / 1_000 * milliseconds)
  return (try Provider.aws.price("function.request") * Term<Requests>.exactly(count)).named("calls")
    + (try Provider.aws.price("function.duration.arm") * used).named("their time")
}

private func functionEach(_ steps: Double) throws(MissingNumber) -> Bill {
  let overhead = Ratio.assumed("ms that a function is billed besides its work", 5, in: 1...20)
  let messages = Term<Requests>.exactly(3 * chains * (steps - 1))
  return try calls(chains * steps, milliseconds: stepTime + overhead)
    + (Provider.aws.price("queue.request") * messages).named("messages")
}

private func oneFunction(_ steps: Double) throws(MissingNumber) -> Bill {
  let overhead = Ratio.assumed("ms that a function is billed besides its work", 5, in: 1...20)
  return try calls(chains, milliseconds: steps * stepTime + overhead)
}

/// Two cores each, at the peak half busy; half of the time of a step is work on a core.
private func service(_ steps: Double) throws(MissingNumber) -> Bill {
  let peak = Ratio.assumed("peak over mean", 3, in: 1.5...8)
  let cores = (chains * steps * 0.010 / (730 * 3_600)) * peak / .exactly(0.5)
  let machines = longest((cores / 2).roundedUp, .exactly(2))
  return (machines * (try Provider.aws.monthly("compute.c7g.large"))).named("machines")
}

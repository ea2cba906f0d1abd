import Harness
import Results
import Statistics

extension Experiment {
  /// Licences for people, of whom some work with the program at any time.
  static let idleSeats = Experiment(
    cost: "idle-seats", "operations/licences",
    title: "A program for 200 people: a seat each → a pool",
    claim: """
      A pool of shared seats at three times the price pays while fewer than about a quarter of the \
      people use the program at once; small pools need more seats than that share suggests.
      """,
    mechanism: """
      A pool must be so large that somebody who wants a seat rarely finds none, which Erlang's \
      formula B gives: for 90 in use on average a pool of 100 refuses 2.7%, for 9 a pool of 10 \
      refuses 17%. The larger the pool, the less it needs on top of its mean. Shared seats cost two \
      to four times as much as named ones, so that the break-even lies below a third.
      """,
    limits: """
      People come at the same hours: count those of the busiest hour, not of the day. Erlang's \
      formula takes them as independent. Who is refused waits and asks again, which makes the next \
      refusal likelier.
      """,
    diagram: """
      flowchart LR
        subgraph before["a seat each: {a seat each}"]
          p0["200 people"] --> s0["200 named seats"]
        end
        subgraph after["pool: {pool}"]
          p1["200 people"] -- "{point} at once" --> s1["shared seats"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "people who use it at once", [2, 5, 10, 20, 30, 50, 80], smoke: 20, label: { "\($0) %" }),
    rule: RuleOfThumb(
      "share seats if less than a third use them at once", breakEven: 33,
      source: "price of a shared seat over a named one, folklore of licence managers"),
    options: [
      option("a seat each", code: "named", bill: named),
      option("pool", code: "pooled", bill: pooled),
    ])
}

private let people = 200.0
private let seat = Term<Dollars>.assumed("a named seat in a month", 60, in: 20...150)

private func named(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  seat.times(people).named("seats")
}

private func pooled(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let price = Ratio.assumed("price of a shared seat over a named one", 3, in: 2...4)
  let refused = Ratio.assumed("share that may be refused", 0.01, in: 0.002...0.03)
  let seats = Ratio.function("seats by Erlang B", of: refused) {
    Double(Erlang.servers(load: people * percent / 100, blocking: $0))
  }
  return seat.times(price * seats).named("shared seats")
}

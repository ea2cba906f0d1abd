import Harness
import Results
import Statistics

extension Experiment {
  /// How many people stand by, where pages come in storms.
  static let onCallSize = Experiment(
    cost: "on-call-size", "operations/incidents",
    title: "Pages at night: one person on call → two",
    claim: """
      A second person on call pays long before the first one is busy: pages come in storms, and the \
      later pages of a storm wait for the earlier ones even in a quiet week.
      """,
    mechanism: """
      With independent pages somebody who works on them for a twentieth of the time almost never has \
      two at once, so that the formula for independent arrivals asks for one person. One cause pages \
      several times. In a storm of four the last page waits for three others to be done, however \
      rare storms are: the mean wait is half the storm, less one, times the time of a page. Two \
      people halve it. What a page costs while it waits decides; the standby pay does not depend on \
      the number of pages.
      """,
    limits: """
      Grouping the pages of a storm into one costs less than a second person, and should come first. \
      Pages of one storm are often cured by one action. What nights do to people has no price here: \
      two incidents in a shift of twelve hours are the most that one should have (Site Reliability \
      Engineering, chapter 11).
      """,
    diagram: """
      flowchart LR
        subgraph before["one: {one}"]
          s0["storms, {point}"] --> q0["pages wait for pages"] --> p0["one person"]
        end
        subgraph after["two: {two}"]
          s1["storms"] --> p1["two people"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "pages a week outside office hours", [1, 3, 6, 10, 20, 40], smoke: 6,
      label: { $0 == 1 ? "1 page a week" : "\($0) pages a week" }),
    rule: RuleOfThumb(
      "one person carries two incidents in a shift of twelve hours", breakEven: 21,
      source: "Beyer and others, Site Reliability Engineering, 2016, chapter 11"),
    options: [
      option(
        "one", code: "onCall",
        bill: { pages, _ throws(MissingNumber) in onCall(1, pages) }),
      option(
        "two", code: "onCall",
        bill: { pages, _ throws(MissingNumber) in onCall(2, pages) }),
    ])
}

/// Hours of a week outside five office days of eight hours.
private let hoursAWeek = 128.0
private let weeks = 4.35

private func onCall(_ people: Int, _ pagesAWeek: Double) -> Bill {
  let standby = Term<Dollars>.assumed("an hour on call", 8, in: 3...25)
  let hours = Ratio.assumed("hours of work for a page", 0.7, in: 0.25...2)
  let storm = Ratio.assumed("pages of a storm", 3, in: 1.2...8)
  let wait = Ratio.function("hours that a page waits", of: hours, storm) { hours, storm in
    let load = min(0.95 * Double(people), pagesAWeek / hoursAWeek * hours)
    // In front of a page of a storm stand half of its others, shared by all who are free; before
    // the storm there may be another one.
    let within = max(0, storm - Double(people)) / 2 / Double(people)
    let between = Erlang.meanWait(servers: people, load: load) * storm
    return (within + between) * hours
  }
  let waiting = Term<Dollars>.assumed("an hour for which a page waits", 300, in: 30...3_000)
  return standby.times(Double(people) * hoursAWeek * weeks).named("standby")
    + waiting.times((weeks * pagesAWeek) * wait).named("pages that wait")
}

import Harness
import Results
import Statistics

extension Experiment {
  /// Alarms about rare events, and how many of them are true.
  static let alertFatigue = Experiment(
    cost: "alert-fatigue", "operations/incidents",
    title: "Pages: at the first alarm → after a second look",
    claim: """
      With an incident a week among thousands of checks, nearly every page of a detector that errs \
      once in a thousand checks is false; waiting for a second alarm costs minutes per incident and \
      removes most of them.
      """,
    mechanism: """
      By Bayes' rule the share of true pages is that of true alarms among all. A check each minute \
      is 43,800 a month: an error of one in a thousand makes 44 false pages for every service that is \
      checked, and all services together have a handful of incidents. Two alarms in a row are false \
      at the square of the rate if errors are independent. Each false page costs half an hour, and \
      the attention to the next.
      """,
    limits: """
      Errors are not independent: what looks bad for a minute looks bad for two, which limits what a \
      second look removes, and is one of the inputs. A second look delays true pages by a check. An \
      incident that lasts less than two checks is missed, and may deserve it.
      """,
    diagram: """
      flowchart LR
        subgraph before["first alarm: {first alarm}"]
          c0["checks"] -- "{point} wrong" --> p0["pages, mostly false"]
        end
        subgraph after["second look: {second look}"]
          c1["checks"] --> w1["again after a minute"] --> p1["pages, mostly true"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "false alarms in a million checks", [1, 10, 100, 1_000, 10_000], smoke: 100,
      label: { "\($0) in a million" }),
    options: [
      option(
        "first alarm", code: "paged",
        bill: { rate, _ throws(MissingNumber) in
          paged(.exactly(rate / 1e6), delay: 0)
        }),
      option("second look", code: "paged", bill: confirmed),
    ])
}

private func paged(_ wrong: Ratio, delay: Double) -> Bill {
  let services = Ratio.assumed("services that are checked each minute", 20, in: 5...100)
  let pages = (730 * 60) * (services * wrong)
  let each = Ratio.assumed("hours that a page takes somebody", 0.5, in: 0.2...1.5)
  let incidents = Ratio.assumed("incidents in a month", 4, in: 1...10)
  let minute = Term<Dollars>.assumed("a minute of an incident", 30, in: 5...300)
  return developers(pages * each).named("false pages")
    + developers(incidents * each).named("true pages")
    + minute.times(delay * incidents).named("minutes later")
}

/// Of the false alarms some are false again a minute later: by chance, or for the same reason.
private func confirmed(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let same = Ratio.assumed("false alarms that are still there a minute later", 0.15, in: 0.02...0.5)
  let wrong = longest(same, .exactly(rate / 1e6)) * .exactly(rate / 1e6)
  return paged(wrong, delay: 1)
}

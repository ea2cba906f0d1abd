import Harness
import Platform
import Results

extension Experiment {
  /// What a request pays for being watched.
  static let telemetryCost = Experiment(
    id: "scale/telemetry-cost",
    title: "Write every span → keep one of a hundred, decide first, or only count",
    slot: "scale/1m/observability",
    claim: """
      Building all spans and then keeping one request of a hundred costs nearly as much CPU as \
      keeping all; deciding before anything is built costs about a hundredth, and counting \
      durations in a histogram a few hundredths.
      """,
    mechanism: """
      Most of a span's CPU is making text of it, not writing the text: sampling that throws away \
      what is built saves bytes and no CPU. A sampler that decides at the head of the request \
      builds nothing for the other 99; the rule of a hundredth then holds for building, and what \
      is left is reading the clock. A histogram of durations needs the clock for each span, and a \
      counter.
      """,
    limits: """
      A decision at the head can't know which requests will be bad (scale/tail-sampling): those \
      that decide at the end pay for building. Binary formats make less text. Sending, storing and \
      querying cost more than this CPU; bytes per request are shown. Five spans per request here.
      """,
    diagram: """
      flowchart LR
        r["request of 5 spans"]
        r --> a["all as text: {every span}"]
        r -- "text, then 1%" --> b["keep some: {drop late}"]
        r -- "1%, then text" --> c["build some: {decide first}"]
        r -- "counters" --> d["histogram: {histogram}"]
        a -- "{speedup} at {point}" --> c
      """,
    sweep: .count("attributes", [0, 4, 16], smoke: 4, label: { "\($0) attributes per span" }),
    signals: ["bytes per request"],
    work: { _ in Work(elements: Double(Telemetry.requests), each: "request") },
    variants: [
      variant("every span", shows: "everySpan", everySpan),
      variant("drop late", shows: "dropLate", dropLate),
      variant("decide first", shows: "decideFirst", decideFirst),
      variant("histogram", shows: "histogram", histogram),
    ],
    headline: DeclaredHeadline(value: 4, variant: "decide first"),
    model: { question in
      // What is kept is what is paid for. A counter keeps nothing of a span.
      if question.variant == "histogram" { return nil }
      let share = question.isBaseline ? 1 : 0.01
      return Model(Ratio.exactly(share).named("share that is kept"), per: .relative)
    })
}

private let spans = 5

@inline(never)
private func everySpan(_ telemetry: Telemetry, _ request: UInt64) {
  for span in 0..<spans {
    let (start, end) = (Clock.now(), Clock.now())
    telemetry.text += telemetry.describe(request, span, start, end).utf8
  }
}

@inline(never)
private func dropLate(_ telemetry: Telemetry, _ request: UInt64) {
  for span in 0..<spans {
    let (start, end) = (Clock.now(), Clock.now())
    let line = telemetry.describe(request, span, start, end)
    if telemetry.isKept(request) { telemetry.text += line.utf8 }
  }
}

@inline(never)
private func decideFirst(_ telemetry: Telemetry, _ request: UInt64) {
  guard telemetry.isKept(request) else { return }
  everySpan(telemetry, request)
}

@inline(never)
private func histogram(_ telemetry: Telemetry, _ request: UInt64) {
  for _ in 0..<spans {
    let start = Clock.now()
    let length = Clock.now() - start
    telemetry.counts[63 - (length | 1).leadingZeroBitCount] += 1
  }
}

private func variant(
  _ name: String, shows: String, _ record: @escaping @Sendable (Telemetry, UInt64) -> Void
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { Telemetry($0) },
    report: { telemetry in
      [
        "bytes per request": Counter(
          Double(telemetry.bytes) / Double(Telemetry.requests), unit: .bytes)
      ]
    },
    run: { telemetry in
      telemetry.text.removeAll(keepingCapacity: true)
      for request in telemetry.identifiers { record(telemetry, request) }
      telemetry.bytes = telemetry.text.count
      return UInt64(telemetry.identifiers.count)
    })
}

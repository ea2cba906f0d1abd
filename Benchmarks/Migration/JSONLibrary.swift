import FoundationEssentials
import Harness
import Results

extension Experiment {
  /// A library that every request goes through, replaced.
  static let jsonLibrary = Experiment(
    id: "migration/json-library",
    title: "The decoder of each request: Foundation's JSONDecoder → a scanner for one message",
    slot: "migration/performance/stack",
    claim: """
      A scanner that knows its one message decodes it many times faster than a general decoder, \
      with equal output; the gain is about the same for one line and for a hundred, so that it is \
      worth what share of a request's time the decoder has.
      """,
    mechanism: """
      `JSONDecoder` first maps the whole document, then asks the type for its fields by name \
      through a container, line by line, each field a look-up in a dictionary and a call that the \
      compiler can't see through. The scanner compares bytes and knows what comes. Messages of \
      {point} have two numbers and a note, one in three with escapes. All values are compared, in \
      each message. The cost per message and per line is measured by itself, at one line and at \
      eight; the prediction extends that line.
      """,
    limits: """
      The scanner does not know what `JSONDecoder` knows: other escapes, fractions, dates, keys \
      that nobody expects, errors with a path. In a migration both decoders run side by side on \
      recorded requests, and differences are counted, before the old one goes. Where a request \
      takes two milliseconds and its body twenty microseconds, nobody will notice.
      """,
    diagram: """
      flowchart LR
        b["body, {point}"]
        b --> f["JSONDecoder: {JSONDecoder}"]
        b --> s["scanner: {scanner}"]
        f -- "{speedup}" --> s
      """,
    sweep: .count("lines", [1, 20, 200], smoke: 1, label: { $0 == 1 ? "1 line" : "\($0) lines" }),
    work: { Work(elements: Double(CartLines.messages * $0), each: "line") },
    variants: [
      variant("JSONDecoder", shows: "general", general),
      variant("scanner", shows: "scanned", scanned),
    ],
    demands: Demands { point in
      var demands: [String: Double] = [:]
      for (name, decode) in [("JSONDecoder", general), ("scanner", scanned)] {
        let one = try CartLines(point, lines: 1).time(decode)
        let eight = try CartLines(point, lines: 8).time(decode)
        let line = max(1, (eight - one) / 7)
        demands["\(name), a line"] = line
        demands["\(name), a message"] = max(0, one - line)
      }
      return demands
    },
    headline: DeclaredHeadline(value: 20, variant: "scanner"),
    model: { question in
      guard let line = question.demand("\(question.variant), a line"),
        let message = question.demand("\(question.variant), a message")
      else { return nil }
      return Model(
        Double(CartLines.messages)
          * (message.named("message") + (Double(question.value) * line).named("lines")), per: .call)
    })
}

private func variant(
  _ name: String, shows: String, _ decode: @escaping @Sendable ([UInt8]) throws -> [CartLines.Line]
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { CartLines($0, lines: $0.value) },
    run: { lines in orEnd { try lines.decode(decode) } })
}

@Sendable private func general(_ body: [UInt8]) throws -> [CartLines.Line] {
  try JSONDecoder().decode([CartLines.Line].self, from: Data(body))
}

@Sendable private func scanned(_ body: [UInt8]) throws -> [CartLines.Line] {
  try body.withUnsafeBufferPointer { bytes in
    var scanner = LineScanner(bytes)
    return try scanner.lines()
  }
}

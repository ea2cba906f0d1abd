import Harness
import Results

extension Experiment {
  /// Messages as JSON and as Protobuf: bytes, and processor time of both sides.
  static let encoding = Experiment(
    id: "network/encoding",
    title: "Messages between services: JSON → Protobuf",
    slot: "performance/network/protocol",
    claim: """
      Protobuf takes a tenth of the processor time of Foundation's JSON for messages of fields, but \
      so does hand-written JSON; only for numbers in bulk is Protobuf far ahead of both. Its \
      messages are half as long where fields are short, not where the content is text, and longer \
      where values have few digits.
      """,
    mechanism: """
      JSON repeats every key in every message, writes numbers as digits and must look at each byte \
      to find where something ends. Foundation's coders also go through a container and a \
      dictionary for each object. Protobuf writes a field's number and length, so that a decoder \
      copies text without searching for its end, and takes doubles as they are, with eight bytes \
      even for 0.5. Each message here is encoded and decoded once. *Link time* is computed from the \
      measured bytes: bytes × 8 ÷ 100 Mbit/s.
      """,
    limits: """
      On a slow link bytes count and processor time does not: at 10 Mbit/s a message of 400 bytes \
      takes 320 µs. Where Protobuf's message is longer, JSON is faster below a bandwidth of \
      additional bytes × 8 ÷ saved processor time. Compressed, JSON loses its repeated keys, for \
      more processor time. Protobuf needs its schema on both sides. The prediction adds up what \
      a message, an item, a number and a byte of text cost in longer messages; how the libraries \
      allocate and dispatch is in these numbers.
      """,
    diagram: """
      flowchart LR
        subgraph before["JSON: {JSON}"]
          direction LR
          m0["message"] -- "keys, digits" --> b0["text"] -- "parse" --> r0["message"]
        end
        hand["by hand: {JSON by hand}"]
        subgraph after["Protobuf: {Protobuf}"]
          direction LR
          m1["message"] -- "field numbers, lengths" --> b1["bytes"] -- "copy" --> r1["message"]
        end
        before -- "{speedup}, {point}" --> after
      """,
    sweep: .named("message", ["order", "100 readings", "2 KiB of text"], smoke: 0),
    signals: ["bytes per message", "link time"],
    work: { _ in Work(elements: Double(Traffic.count), each: "message") },
    variants: [
      variant("JSON", .foundation),
      variant("JSON by hand", isReference: true, .handWritten),
      variant("Protobuf", .protobuf),
    ],
    noYardstick: "The hand-written JSON is the comparison; the limit is the copy of the content.",
    headline: DeclaredHeadline(value: 0, variant: "Protobuf"),
    model: { question throws(MissingNumber) in
      if question.variant == "JSON by hand" { return nil }
      let format = question.isBaseline ? "json" : "protobuf"
      let message = (try question.time("\(format).message")).named("message")
      let part =
        switch question.value {
        case 0: (5 * (try question.time("\(format).item"))).named("items")
        case 1: (100 * (try question.time("\(format).double"))).named("numbers")
        default: (2_047 * (try question.time("\(format).byte"))).named("text")
        }
      return Model(message + part)
    })
}

private func variant(_ name: String, isReference: Bool = false, _ codec: Codec) -> Variant {
  Variant(
    name, isReference: isReference, shows: ["passAll"],
    prepare: { Traffic($0, codec) },
    report: { traffic in
      [
        "bytes per message": Counter(traffic.bytes, unit: .bytes),
        "link time": Counter(traffic.bytes * 8 / 100e6 * 1e9, unit: .nanoseconds),
      ]
    },
    run: { traffic in passAll(traffic) })
}

@inline(never)
private func passAll(_ traffic: Traffic) -> UInt64 { orEnd { try traffic.pass() } }

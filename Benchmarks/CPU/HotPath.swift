import Harness
import Results

extension Experiment {
  /// A small request handler as it is often written, and with an optimised hot path.
  static let hotPath = Experiment(
    id: "cpu/hot-path",
    title: "A request handler: strings throughout → bytes on the hot path",
    slot: "performance/cpu/detection",
    claim: """
      A handler that parses, looks up and formats with temporary strings and dictionaries is \
      several times slower than one that works on bytes, if the handling itself is short; next to \
      a database call the difference would not matter.
      """,
    mechanism: """
      Splitting makes an array and a string for each part, the parameters go into a dictionary that \
      is used once, and each interpolation makes a new string. The profile shows most time under \
      `split` and the rest in the allocator, in hashing and in reference counting. The other \
      handler reads the bytes once, parses the number on the way and appends to a reused buffer.
      """,
    limits: """
      By Amdahl's law, a faster part helps only in proportion to its share of the total. Measure \
      that share first. With bytes you handle encodings, escapes and overflow yourself, so keep \
      them to the few places that a profile shows. The law adds parts that were timed alone: a core \
      overlaps parts of some tens of nanoseconds, and gains more than predicted.
      """,
    diagram: """
      flowchart LR
        subgraph before["strings: {strings}"]
          direction LR
          s0["split: strings"] --> d0["dictionary"] --> l0["look up"] --> f0["interpolate: strings"]
        end
        subgraph after["bytes: {bytes}"]
          direction LR
          s1["one pass: number"] --> l1["look up"] --> f1["append to one buffer"]
        end
        before -- "{speedup} with {point} parameters" --> after
      """,
    sweep: .count("parameters", [1, 2, 4, 8], smoke: 2),
    signals: ["instructions", "cpu time"],
    work: { _ in Work(elements: Double(ItemRequests.count), each: "request") },
    variants: [
      Variant(
        "strings", shows: ["handleByStrings", "parseStrings", "formatStrings"],
        prepare: { ItemRequests($0) },
        run: { requests in
          requests.texts.reduce(UInt64(0)) { digest, text in
            var answer = handleByStrings(text, requests.prices)
            return answer.withUTF8 { ItemRequests.hashed($0, digest) }
          }
        }),
      Variant(
        "bytes", shows: ["handleByBytes", "parseBytes", "formatBytes", "append"],
        prepare: { ItemRequests($0) },
        run: { requests in
          var answer: [UInt8] = []
          return requests.texts.reduce(UInt64(0)) { digest, text in
            handleByBytes(text.utf8, requests.prices, into: &answer)
            return answer.withUnsafeBufferPointer { ItemRequests.hashed($0, digest) }
          }
        }),
    ],
    parts: [
      Part(
        "parsing", function: "parseStrings", prepare: { ItemRequests($0) },
        before: { $0.parsed { parseStrings($0) } },
        after: { $0.parsed { parseBytes($0.utf8) } }),
      Part(
        "formatting", function: "formatStrings", prepare: { ItemRequests($0) },
        before: { $0.formatted { formatStrings($0, $1).utf8.count } },
        after: { requests in
          var answer: [UInt8] = []
          return requests.formatted { id, price in
            formatBytes(id, price, into: &answer)
            return answer.count
          }
        }),
    ],
    model: { question in question.amdahl() })
}

@inline(never)
private func handleByStrings(_ request: String, _ prices: [Int: Int]) -> String {
  guard let id = parseStrings(request), let price = prices[id] else { return "404" }
  return formatStrings(id, price)
}

@inline(never)
private func parseStrings(_ request: String) -> Int? {
  let parts = request.split(separator: "?")
  var parameters: [String: String] = [:]
  for pair in parts[1].split(separator: "&") {
    let sides = pair.split(separator: "=")
    parameters[String(sides[0])] = String(sides[1])
  }
  guard parts[0] == "/item", let text = parameters["id"] else { return nil }
  return Int(text)
}

@inline(never)
private func formatStrings(_ id: Int, _ price: Int) -> String { "200 item=\(id) price=\(price)" }

@inline(never)
private func handleByBytes(
  _ request: String.UTF8View, _ prices: [Int: Int], into answer: inout [UInt8]
) {
  guard let id = parseBytes(request), let price = prices[id] else {
    answer.removeAll(keepingCapacity: true)
    return answer.append(contentsOf: "404".utf8)
  }
  formatBytes(id, price, into: &answer)
}

@inline(never)
private func parseBytes(_ request: String.UTF8View) -> Int? {
  guard request.starts(with: "/item?".utf8) else { return nil }
  var id: Int?
  // Position in a parameter: 0 at its start, 1 after i, 2 after id, 3 in the number, -1 elsewhere.
  var state = 0
  for byte in request.dropFirst(6) {
    switch (state, byte) {
    case (_, UInt8(ascii: "&")): state = 0
    case (0, UInt8(ascii: "i")): state = 1
    case (1, UInt8(ascii: "d")): state = 2
    case (2, UInt8(ascii: "=")): state = 3
    case (3, UInt8(ascii: "0")...UInt8(ascii: "9")):
      id = (id ?? 0) &* 10 &+ Int(byte &- UInt8(ascii: "0"))
    default: state = -1
    }
  }
  return id
}

@inline(never)
private func formatBytes(_ id: Int, _ price: Int, into answer: inout [UInt8]) {
  answer.removeAll(keepingCapacity: true)
  answer.append(contentsOf: "200 item=".utf8)
  append(id, to: &answer)
  answer.append(contentsOf: " price=".utf8)
  append(price, to: &answer)
}

/// Appends the decimal digits of a number that is not negative.
private func append(_ number: Int, to text: inout [UInt8]) {
  if number >= 10 { append(number / 10, to: &text) }
  text.append(UInt8(ascii: "0") &+ UInt8(number % 10))
}

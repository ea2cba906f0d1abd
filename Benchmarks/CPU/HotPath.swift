import Harness
import Results

extension Experiment {
  /// A small request handler as it is often written, and with what its profile shows mended.
  static let hotPath = Experiment(
    id: "cpu/hot-path",
    title: "A request handler: strings all the way → bytes on the hot path",
    slot: "performance/cpu/detection",
    claim: """
      A handler that parses, looks up and formats with temporary strings and dictionaries is \
      several times slower than one that works on bytes, where the handling itself is short; next \
      to a call to a database it would not matter.
      """,
    mechanism: """
      The profile of the plain handler shows little of its own: splitting makes an array and a \
      string for each part, the parameters go into a dictionary that is used once, and each \
      interpolation makes a string anew. Most time is under `split`, in walking characters and \
      cutting substrings; the rest is in the allocator, in hashing and in reference counting. The \
      other handler goes over the request's bytes once, keeps places instead of parts, reads the \
      number in passing and appends to one buffer that is used again.
      """,
    limits: """
      By Amdahl's law what is mended counts only for its share of the whole: measure that first. \
      Handling bytes takes care (encodings, escapes, overflow) that the library's strings take for \
      you; keep it to the few places that a profile shows. The law adds up parts that were timed alone. \
      Where the mended ones take some tens of nanoseconds each, a core overlaps the end of one with \
      the start of the next, and the gain is larger than foretold.
      """,
    diagram: """
      flowchart LR
        subgraph before["strings: {strings}"]
          direction LR
          s0["split: strings"] --> d0["parameters: dictionary"] --> l0["look up"] --> f0["interpolate: strings"]
        end
        subgraph after["bytes: {bytes}"]
          direction LR
          s1["one pass: places, number"] --> l1["look up"] --> f1["append to one buffer"]
        end
        before -- "{speedup} with {point} parameters" --> after
      """,
    sweep: .count("parameters", [1, 2, 4, 8], smoke: 2),
    signals: ["instructions", "cpu time"],
    work: { _ in Work(elements: Double(requestCount)) },
    variants: [
      Variant(
        "strings", shows: ["handleByStrings", "parseStrings", "formatStrings"],
        prepare: { Requests($0) },
        run: { requests in
          requests.texts.reduce(UInt64(0)) { digest, text in
            var answer = handleByStrings(text, requests.prices)
            return answer.withUTF8 { hashed($0, digest) }
          }
        }),
      Variant(
        "bytes", shows: ["handleByBytes", "parseBytes", "formatBytes", "append"],
        prepare: { Requests($0) },
        run: { requests in
          var answer: [UInt8] = []
          return requests.texts.reduce(UInt64(0)) { digest, text in
            handleByBytes(text.utf8, requests.prices, into: &answer)
            return answer.withUnsafeBufferPointer { hashed($0, digest) }
          }
        }),
    ],
    parts: [
      Part(
        "parsing", function: "parseStrings",
        before: Variant("strings", shows: [], prepare: { Requests($0) }) { requests in
          requests.texts.reduce(UInt64(0)) { $0 &* 31 &+ UInt64(parseStrings($1) ?? 0) }
        },
        after: Variant("bytes", shows: [], prepare: { Requests($0) }) { requests in
          requests.texts.reduce(UInt64(0)) { $0 &* 31 &+ UInt64(parseBytes($1.utf8) ?? 0) }
        }),
      Part(
        "formatting", function: "formatStrings",
        before: Variant("strings", shows: [], prepare: { Requests($0) }) { requests in
          requests.prices.reduce(UInt64(0)) { sum, item in
            sum &+ UInt64(formatStrings(item.key, item.value).utf8.count)
          }
        },
        after: Variant("bytes", shows: [], prepare: { Requests($0) }) { requests in
          var answer: [UInt8] = []
          return requests.prices.reduce(UInt64(0)) { sum, item in
            formatBytes(item.key, item.value, into: &answer)
            return sum &+ UInt64(answer.count)
          }
        }),
    ],
    model: { question in question.amdahl() })
}

private let requestCount = 256

private struct Requests: Sendable {
  let texts: [String]
  let prices: [Int: Int]

  /// `/item?p0=52170&…&id=417&…`: the item's number is one of the parameters.
  init(_ point: Point) {
    var random = point.generator()
    let prices = Dictionary(
      uniqueKeysWithValues: (0..<1_000).map { ($0, Int.random(in: 1...9_999, using: &random)) })
    self.prices = prices
    texts = (0..<requestCount).map { _ in
      let place = Int.random(in: 0..<point.value, using: &random)
      let parameters = (0..<point.value).map { index in
        index == place
          ? "id=\(Int.random(in: 0..<1_000, using: &random))"
          : "p\(index)=\(Int.random(in: 10_000..<100_000, using: &random))"
      }
      return "/item?" + parameters.joined(separator: "&")
    }
  }
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
  // Where in a parameter: 0 at its start, 1 after an i, 2 after id, 3 in the number, -1 elsewhere.
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

/// The same code for both answers, so that what is left of them is the same.
@inline(never)
private func hashed(_ bytes: UnsafeBufferPointer<UInt8>, _ before: UInt64) -> UInt64 {
  bytes.reduce(before) { $0 &* 31 &+ UInt64($1) }
}

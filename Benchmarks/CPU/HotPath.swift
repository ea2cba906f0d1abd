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
      interpolation makes a string anew, so that most time is in the allocator, in hashing and in \
      reference counting. The other handler goes over the request's bytes once, keeps places \
      instead of parts, reads the number in passing and appends to one buffer that is used again.
      """,
    limits: """
      By Amdahl's law what is mended counts only for its share of the whole: measure that first. \
      Handling bytes takes care (encodings, escapes, overflow) that the library's strings take for \
      you; keep it to the few places that a profile shows.
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
        "strings", shows: ["handleByStrings"],
        prepare: { Requests($0) },
        run: { requests in
          requests.texts.reduce(UInt64(0)) { digest, text in
            handleByStrings(text, requests.prices).utf8.reduce(digest) { $0 &* 31 &+ UInt64($1) }
          }
        }),
      Variant(
        "bytes", shows: ["handleByBytes", "append"],
        prepare: { Requests($0) },
        run: { requests in
          var answer: [UInt8] = []
          return requests.texts.reduce(UInt64(0)) { digest, text in
            handleByBytes(text.utf8, requests.prices, into: &answer)
            return answer.reduce(digest) { $0 &* 31 &+ UInt64($1) }
          }
        }),
    ],
    predict: { question throws(MissingNumber) in
      let pair = try question.number("malloc.free.64")
      let text = try question.number("hash.string")
      let number = try question.number("hash.int")
      let count = try question.number("retain.release")
      let step = try question.number("mul.latency") + question.number("add.integer.latency")
      let parameters = Double(question.value)
      // Bytes of the request and of the answer; the digest multiplies and adds for each of them.
      let digest = 24 * step
      let scan = (9 + 9 * parameters) * (try question.latency(of: .l1))
      // Arrays of two path parts and of the pairs; a pair is split into an array of two and makes
      // a key and enters it, which may take a block as it grows.
      let blocks = 3 + 2 * parameters
      let strings = blocks * (pair + count) + parameters * (text + count) + text + number
      return Prediction(
        speedup: (strings + scan + digest) / (number + scan + digest),
        because: """
          Strings take \(blocks.brief) blocks from the allocator (\(pair.brief) ns, and \
          \(count.brief) ns for counting references), and hash each key once and one of them \
          twice (\(text.brief) ns). Both go over the request's bytes (\(scan.brief) ns), hash the \
          item's number (\(number.brief) ns) and digest the answer (\(digest.brief) ns).
          """)
    })
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
  let parts = request.split(separator: "?")
  var parameters: [String: String] = [:]
  for pair in parts[1].split(separator: "&") {
    let sides = pair.split(separator: "=")
    parameters[String(sides[0])] = String(sides[1])
  }
  guard parts[0] == "/item", let text = parameters["id"], let id = Int(text),
    let price = prices[id]
  else { return "404" }
  return "200 item=\(id) price=\(price)"
}

@inline(never)
private func handleByBytes(
  _ request: String.UTF8View, _ prices: [Int: Int], into answer: inout [UInt8]
) {
  answer.removeAll(keepingCapacity: true)
  guard request.starts(with: "/item?".utf8) else { return answer.append(contentsOf: "404".utf8) }
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
  guard let id, let price = prices[id] else { return answer.append(contentsOf: "404".utf8) }
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

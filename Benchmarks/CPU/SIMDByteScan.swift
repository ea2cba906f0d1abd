import Harness
import Results
import Techniques

extension Experiment {
  /// The fields and records of a CSV file, byte by byte and 64 bytes at a time.
  static let simdByteScan = Experiment(
    id: "cpu/simd-byte-scan",
    title: "Counting the fields of a CSV file: byte by byte → masks of 64 bytes",
    slot: "performance/cpu/algorithmic",
    claim: """
      Finding the field boundaries of a CSV file with quoted fields is more than ten times faster \
      64 bytes at a time, for files from some hundred bytes on; for files in memory the bandwidth \
      is then the limit.
      """,
    mechanism: """
      Byte by byte, each byte is a load, up to four compares and branches, and a state (quoted or \
      not) on which the next one depends; where a field ends is a surprise to the branch \
      predictor. With masks a 64-byte load and three `vpcmpeqb` give one bit for each quote, comma \
      and newline; `vpclmulqdq` by all ones turns the quotes into a mask of what lies between \
      them; `andn` and `popcnt` count 64 bytes at once. Nothing branches on the data.
      """,
    limits: """
      What has to be done for every field (storing its place, converting it) costs the same as \
      before and soon outweighs the finding. For one byte alone `memchr` does the same in C. Text \
      with a comma in every second byte gains as much here, but not when each is acted upon.
      """,
    diagram: """
      flowchart LR
        subgraph before["byte by byte: {byte by byte}"]
          direction LR
          b0["S"] --> b1["m"] --> b2["i"] --> b3["…"] --> q0["quote? comma? newline?"]
        end
        subgraph after["masks: {masks}"]
          direction TB
          v["64 bytes"] --> k0["quotes: 64 bits"] --> p["inside quotes: 64 bits"]
          v --> k1["commas, newlines: 64 bits each"]
          p --> c["and, not, count"]
          k1 --> c
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes("file", [16 << 10, 512 << 10, 4 << 20, 32 << 20], smoke: 1 << 10),
    signals: ["branch misses", "instructions"],
    work: { bytes in
      let scanned = Double(passes(bytes).count * bytes)
      return Work(elements: scanned, bytes: scanned)
    },
    variants: [
      Variant(
        "byte by byte", shows: ["shapeByByte"],
        prepare: { point in csvFiles(point) },
        run: { files in files.sum(shapeByByte) }),
      Variant(
        "masks", shows: ["shapeByMasks"],
        prepare: { point in csvFiles(point) },
        run: { files in files.sum(shapeByMasks) }),
    ],
    model: { question throws(MissingNumber) in
      let bytes = Double(passes(question.value).count * question.value)
      if question.isBaseline {
        // An ordinary byte passes five branches. A record of `recordLength` bytes has `surprises`
        // ends of something whose length varies.
        let work =
          try question.branches(5).named("five branches")
          + (surprises / recordLength * question.time("branch.miss")).named("mispredictions")
        return Model(try question.streaming(1, of: bytes, compute: work).time)
      }
      // Three masks and the quotes' parity go to integer registers, which is what limits the rest.
      let masks = try 4 * question.time("mask.throughput")
      return Model(try question.streaming(64, of: bytes, compute: masks).time / 64)
    })
}

private func passes(_ bytes: Int) -> Passes { Passes(over: bytes, toReach: 1 << 19) }

/// A record: number, quoted name with a comma, date, amount, city.
/// Lengths: 6 + 2 × 5.5 + 4 (quotes, comma, blank) + 10 + 5 + 7 and five boundaries.
private let recordLength = 48.0
/// What ends at a varying place: number, both parts of the name, amount, city.
private let surprises = 5.0

/// Some twenty thousand records, more than a predictor learns by heart; a longer file repeats them.
private let distinctBytes = 1 << 20

/// Small files are many different ones: a predictor learns a file by heart that it sees again and
/// again, which no program's input is.
private struct Files: Sendable {
  let bytes: AlignedBuffer<UInt8>
  let count: Int

  func sum(_ shape: (UnsafeBufferPointer<UInt8>) -> CSVShape) -> Int {
    let bytes = bytes.opaqueElements
    let size = bytes.count / count
    var sum = 0
    for file in 0..<count {
      sum &+= shape(UnsafeBufferPointer(rebasing: bytes[file * size..<(file + 1) * size])).digest
    }
    return sum
  }
}

private func csvFiles(_ point: Point) -> Files {
  let count = passes(point.value).count
  return Files(bytes: csv(count * point.value, point), count: count)
}

private func csv(_ bytes: Int, _ point: Point) -> AlignedBuffer<UInt8> {
  var random = point.generator()
  let distinct = min(bytes, distinctBytes)
  var text: [UInt8] = []
  text.reserveCapacity(distinct + 64)
  func letters(_ lengths: ClosedRange<Int>, from characters: ClosedRange<UInt8>) {
    for _ in 0..<Int.random(in: lengths, using: &random) {
      text.append(.random(in: characters, using: &random))
    }
  }
  let (digits, small) = (
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z")
  )
  while text.count < distinct {
    letters(4...8, from: digits)
    text += ",\"".utf8
    letters(3...8, from: small)
    text += ", ".utf8
    letters(3...8, from: small)
    text += "\",2026-05-17,".utf8
    letters(3...7, from: digits)
    text += ",".utf8
    letters(4...10, from: small)
    text += "\n".utf8
  }
  let file = AlignedBuffer<UInt8>(count: bytes) { _ in 0 }
  for first in stride(from: 0, to: bytes, by: text.count) {
    let rest = UnsafeMutableRawBufferPointer(file.elements)[first...]
    rest.copyBytes(from: text.prefix(rest.count))
  }
  return file
}

private struct CSVShape {
  var records = 0
  var fields = 0

  var digest: Int { records << 32 ^ fields }
}

@inline(never)
private func shapeByByte(_ bytes: UnsafeBufferPointer<UInt8>) -> CSVShape {
  var shape = CSVShape()
  var quoted = false
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "\""): quoted.toggle()
    case UInt8(ascii: ",") where !quoted: shape.fields &+= 1
    case UInt8(ascii: "\n") where !quoted:
      shape.fields &+= 1
      shape.records &+= 1
    default: break
    }
  }
  return shape
}

@inline(never)
private func shapeByMasks(_ bytes: UnsafeBufferPointer<UInt8>) -> CSVShape {
  var shape = CSVShape()
  var quotedBefore: UInt64 = 0
  ByteMasks.forEachBlock(of: bytes) { block, valid in
    let quotes = ByteMasks.equal(block, to: UInt8(ascii: "\"")) & valid
    let quoted = ByteMasks.prefixParity(quotes) ^ quotedBefore
    quotedBefore = UInt64(bitPattern: Int64(bitPattern: quoted) &>> 63)
    let commas = ByteMasks.equal(block, to: UInt8(ascii: ",")) & ~quoted & valid
    let ends = ByteMasks.equal(block, to: UInt8(ascii: "\n")) & ~quoted & valid
    shape.fields &+= (commas | ends).nonzeroBitCount
    shape.records &+= ends.nonzeroBitCount
    return true
  }
  return shape
}

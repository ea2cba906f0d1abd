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
      64 bytes at a time, for files of some hundred bytes or more; for files beyond the caches, \
      memory bandwidth limits the gain.
      """,
    mechanism: """
      Byte by byte, each byte is a load, up to four comparisons and branches, and a loop-carried \
      dependency: whether the byte is inside quotes. Where a field ends, the branch predictor \
      mispredicts. With masks, vector comparisons turn 64 bytes into 64 bits for each of quote, \
      comma and newline: one comparison, or one for each half or quarter where vectors are \
      shorter. A carry-less multiplication, or six shifts where the build has none, turns the \
      quotes into a mask of the bytes between them; logical operations and a population count do \
      the rest, without a branch that depends on the data.
      """,
    limits: """
      Work on each field (storing its place, converting it) costs the same as before and soon \
      outweighs the search. To find a single character, C's `memchr` works the same way. Text with \
      a comma in every second byte gains as much here, but not if each field is processed.
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
      let scanned = Double(CSVFiles.total(bytes))
      return Work(elements: scanned, each: "byte", bytes: scanned)
    },
    variants: [
      Variant(
        "byte by byte", shows: ["shapeByByte"],
        prepare: { CSVFiles($0) },
        run: { files in files.sum { shapeByByte($0).digest } }),
      Variant(
        "masks", shows: ["shapeByMasks"],
        prepare: { CSVFiles($0) },
        run: { files in files.sum { shapeByMasks($0).digest } }),
    ] + byteScanYardsticks,
    model: { question throws(MissingNumber) in
      let bytes = Double(CSVFiles.total(question.value))
      if question.isBaseline {
        // An ordinary byte passes five branches; the ends of fields of varying length surprise. They
        // have five to seven lengths, and are as hard to expect as those of searches through eight.
        let surprises = CSVFiles.varyingFields / CSVFiles.recordLength
        let work =
          try question.branches(5).named("branches")
          + (surprises * question.randomEnd(of: 8)).named("mispredictions")
        return Model(try question.streaming(1, of: bytes, compute: work))
      }
      // Three masks and the quotes' parity go to integer registers, which is the bottleneck.
      let masks = (4.0 / 64 * (try question.time("mask.throughput"))).named(
        "moves of masks to integer registers")
      if question.home(of: bytes) == .memory {
        // One pass at a time, between those of the other variants over their files, leaves nothing
        // in a cache.
        return Model(try question.streaming(1, of: 5 * bytes, compute: masks))
      }
      return Model(try question.streaming(1, of: bytes, compute: masks))
    })
}

/// How many records and fields a file has.
struct CSVShape {
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

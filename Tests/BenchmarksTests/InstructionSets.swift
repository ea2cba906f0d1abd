import Harness
import Results
import Testing

/// A processor's instruction set as a build uses it, with all that a page may say of it and no other.
struct InstructionSet: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let architecture: String
  /// As a build records them.
  let features: [String]
  /// Words and their beginnings that only these pages may have.
  let words: [String]
  /// Widths of registers that have numbers, in bits.
  let widths: [Int]

  static let avx512 = InstructionSet(
    testDescription: "AVX-512", architecture: "x86_64",
    features: ["sse4_2", "avx", "avx2", "fma", "avx512f", "avx512bw"],
    words: x86 + avx + ["avx-512", "avx512", "zmm", "vpermt2", "vpermi2", "kmov", "mask register"],
    widths: [128, 256, 512])
  static let avx2 = InstructionSet(
    testDescription: "AVX2", architecture: "x86_64",
    features: ["sse4_2", "avx", "avx2", "fma"], words: x86 + avx, widths: [128, 256])
  static let arm64 = InstructionSet(
    testDescription: "arm64", architecture: "aarch64", features: ["neon"],
    words: [
      "neon", "sve", "arm64", "aarch64", "fmla", "fmadd", "ldadd", "stnp", "prfm", "pmull", "dmb",
    ],
    widths: [128])
  static let all = [avx512, avx2, arm64]

  private static let x86 = [
    "x86", "sse", "xmm", "movnt", "prefetchnta", "prefetcht", "lock-prefixed", "locked instruction",
    "xadd", "cmpxchg", "popcnt", "pclmul", "cmov", "sfence", "mfence", "rdtsc", "pmovmskb", "adc",
  ]
  private static let avx = [
    "avx", "ymm", "vfmadd", "vperm", "vpcmp", "vgather", "vpgather", "vmov", "vbroadcast",
    "vpbroadcast", "vpand", "vpmovmskb",
  ]

  var registers: VectorRegisters { VectorRegisters(features: features) }

  /// A machine of this kind with round numbers: those that such a build can measure.
  var machine: Machine {
    var machine = Machine.example
    machine.architecture = architecture
    machine.numbers = machine.numbers.filter { name, _ in
      guard name.hasPrefix("fma.throughput.") || name.hasPrefix("add.throughput."),
        let width = name.split(separator: ".").last.flatMap({ Int($0) })
      else { return true }
      return widths.contains(width)
    }
    return machine
  }

  /// What a text says that this build does not have: words of other instruction sets, and widths of
  /// registers other than its own.
  func strangers(in text: String) -> [String] {
    let text = text.lowercased()
    let known = Set(Self.all.flatMap(\.words))
    let others = known.subtracting(words)
    let found = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.filter { word in
      // The longest beginning decides: vpermt2ps is not every vperm.
      let beginning = known.filter { word.hasPrefix($0) }.max { $0.count < $1.count }
      return beginning.map(others.contains) ?? false
    }
    let phrases = others.filter { $0.contains(" ") && text.contains($0) }
    let widths = text.matches(of: #/\b(128|256|512)(-| )bits?\b/#).filter {
      Int($0.output.1) != registers.bits
    }
    return found.map(String.init) + phrases + widths.map { String($0.output.0) }
  }
}

import Platform

/// The widest vector registers that a build may use. What a page says of machine code and what a
/// model asks for follow from the build, not from the processor: a build for x86-64-v3 has registers
/// of 256 bits on every machine.
public struct VectorRegisters: Sendable, Hashable {
  /// Of one register.
  public let bits: Int
  /// How many there are.
  public let count: Int

  /// - Parameter features: of a build, as its results store them: `avx512f`, `avx2`, `neon`.
  public init(features: [String]) {
    if features.contains("avx512f") {
      (bits, count) = (512, 32)
    } else if features.contains("avx") {
      (bits, count) = (256, 16)
    } else {
      // What every build has: SSE2 on x86-64, and on arm64 NEON, which has twice the registers.
      (bits, count) = (128, features.contains("neon") ? 32 : 16)
    }
  }

  /// Of this executable.
  public static let built = VectorRegisters(features: Build.features)

  /// How many registers so many elements of 32 bits take.
  public func holding(_ words: Int) -> Int { (32 * words + bits - 1) / bits }

  /// A text with these registers in it: `{register bits}` and `{registers}` are places for them.
  func filled(into text: String) -> String {
    text.replacing("{register bits}", with: "\(bits)").replacing("{registers}", with: "\(count)")
  }
}

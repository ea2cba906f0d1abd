import Glibc
import Results
import Testing

@testable import Harness

private final class Object {}

nonisolated(unsafe) private var kept: [Object] = []

@inline(never)
private func keep(_ objects: [Object]) { for object in objects { kept.append(object) } }

@Suite("What experiments are declared with")
struct DeclarationTests {
  @Test("a sweep of threads doubles them and ends with all cores")
  func threads() {
    func values(_ sweep: Sweep, _ cores: Int) -> [Int] {
      sweep.fitted(to: cores).values.map(\.value)
    }
    #expect(values(.threads(), 2) == [1, 2])
    #expect(values(.threads(), 12) == [1, 2, 4, 8, 12])
    #expect(values(.threads(), 16) == [1, 2, 4, 8, 16])
    #expect(values(.threads("pairs", each: 2), 2) == [1])
    #expect(values(.threads("pairs", each: 2), 13) == [1, 2, 4, 6])
    #expect(values(.threads("readers", besides: 1), 8) == [1, 2, 4, 7])
    #expect(values(.threads("readers", besides: 1), 1) == [1])
    #expect(values(.count("size", [3, 300], smoke: 3), 2) == [3, 300])
    #expect(Sweep.threads("pairs", each: 2).needs(6) == [.cores(12)])
    #expect(Sweep.threads().smoke.value == 2)
  }

  @Test("a buffer is aligned as asked for and holds what its maker gave", arguments: [64, 4_096])
  func bufferIsAligned(alignment: Int) {
    let buffer = AlignedBuffer(count: 100, alignment: alignment) { $0 * $0 }
    #expect(UInt(bitPattern: buffer.elements.baseAddress!) % UInt(alignment) == 0)
    #expect(buffer.elements.elementsEqual((0..<100).map { $0 * $0 }))
    #expect(buffer.opaqueElements.count == 100)
  }

  @Test("a large buffer, whose pages are made beforehand, holds its elements")
  func largeBuffer() {
    let buffer = AlignedBuffer(count: 3 << 17, alignment: 16) { $0 &* 7 }
    #expect(buffer.elements.indices.allSatisfy { buffer.elements[$0] == $0 &* 7 })
  }

  @Test("an empty buffer has no elements")
  func emptyBuffer() { #expect(AlignedBuffer(count: 0) { $0 }.elements.isEmpty) }

  @Test("a buffer repeats its distinct elements, the last time as far as there is room")
  func repeatedElements() {
    func elements(_ count: Int, distinct: Int) -> [Int] {
      let buffer = AlignedBuffer(count: count, distinct: distinct) { $0 * 10 }
      return withExtendedLifetime(buffer) { Array(buffer.elements) }
    }
    #expect(elements(8, distinct: 3) == [0, 10, 20, 0, 10, 20, 0, 10])
    #expect(elements(2, distinct: 5) == [0, 10])
    #expect(elements(0, distinct: 5).isEmpty)
  }

  @Test("small inputs are gone over until a call is long enough, large ones once")
  func passes() {
    #expect(Passes(over: 100, toReach: 1_000).count == 10)
    #expect(Passes(over: 1_000, toReach: 100).count == 1)
    #expect(Passes(over: 0, toReach: 7).count == 7)
    #expect(Passes(over: 1, toReach: 3).sum { 5 } == 15)
    #expect(Passes(over: 1, toReach: 2).sum { Int.max } == -2)
  }

  @Test("resident memory is at least what this process just wrote")
  func residentMemory() throws {
    let buffer = AlignedBuffer(count: 1 << 20) { $0 }
    let resident = Harness.residentMemory()
    #expect(resident.unit == .bytes)
    #expect(try #require(resident.value) >= Double(buffer.count * 8))
  }

  @Test("a smoke run refuses variants that disagree")
  func smokeRunRefusesDisagreement() {
    let experiment = planted(first: 1, second: 2)
    #expect(
      throws: SmokeRun.Failure.disagreement(
        variant: "after", expected: .integer(1), found: .integer(2))
    ) { try SmokeRun.outcomes(of: experiment) }
    #expect(throws: Never.self) { try SmokeRun.outcomes(of: planted(first: 3, second: 3)) }
  }

  @Test("calls of the runtime are counted, and the count leaves no trace")
  func runtimeCalls() throws {
    let objects = [Object(), Object(), Object()]
    let calls = try #require(RuntimeCalls.counted { keep(objects) })
    // The array's own buffer may come on top, or the compiler do without.
    #expect(calls.retains >= 3 && calls.allocations >= 1)
    #expect(kept.isEmpty)
    // Nothing is left switched on, which a string would trip over.
    #expect(RuntimeCalls.counted {} != nil)
    #expect("short \(objects.count)" == "short 3")
  }

  @Test("a body that dies in the copy gives no count")
  func deathInTheCopy() { #expect(RuntimeCalls.counted { _exit(3) } == nil) }

  private func planted(first: Int, second: Int) -> Experiment {
    func variant(_ name: String, _ value: Int) -> Variant {
      Variant(name, shows: [], prepare: { _ in value }, run: { $0 })
    }
    return Experiment(
      id: "test/planted", title: "", slot: "", claim: "", mechanism: "", limits: "", diagram: "",
      sweep: .count("n", [1], smoke: 1), work: { _ in Work(elements: 1) },
      variants: [variant("before", first), variant("after", second)])
  }

  @Test func aCoarsePresetLeavesOutServersBesideALoad() {
    let server = Requirement.program("no-such-server", package: "none")
    func omitted(isReference: Bool, isMirrored: Bool, _ needs: [Requirement]) -> [String?] {
      let own = Variant("own", shows: [], prepare: { _ in 0 }, run: { $0 })
      let other = Variant(
        "other", isReference: isReference, shows: [], needs: needs, prepare: { _ in 0 },
        run: { $0 })
      let experiment = Experiment(
        id: "test/planted", title: "", slot: "", claim: "", mechanism: "", limits: "", diagram: "",
        sweep: .count("n", [1], smoke: 1), isMirrored: isMirrored,
        work: { _ in Work(elements: 1) }, variants: [own, other])
      return [Preset.quick, .standard].map { experiment.omission(of: other, at: $0) }
    }
    let found = omitted(isReference: true, isMirrored: false, [server])
    #expect(
      found == [
        "a reference with a server of its own (no-such-server): not measured at quick", nil,
      ])
    #expect(omitted(isReference: false, isMirrored: false, [server]) == [nil, nil])
    #expect(omitted(isReference: true, isMirrored: true, [server]) == [nil, nil])
    #expect(omitted(isReference: true, isMirrored: false, [.cores(1)]) == [nil, nil])
  }

  @Test func shortCallsAreMadeTwiceBeforeTheirSampleAndLongOnesAreNot() {
    #expect(SampleLength.warmUpCalls(of: 80, each: 1_500) == 10)
    #expect(SampleLength.warmUpCalls(of: 1, each: 5_000_000) == 2)
    #expect(SampleLength.warmUpCalls(of: 7, each: 20_000) == 2)
    #expect(SampleLength.warmUpCalls(of: 1, each: 5_000_001) == 0)
    #expect(SampleLength.isCold(5_000_001) && !SampleLength.isCold(5_000_000))
  }
}

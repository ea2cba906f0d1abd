import Results
import Testing

@testable import Harness
@testable import Platform

@Suite("What is asked of cachegrind, and what it answers")
struct CachegrindTests {
  /// Written by cachegrind 3.19.0, most of its functions left out.
  static let sample: String = {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return TextFile.text(folder.joined(separator: "/") + "/Samples/cachegrind.out") ?? ""
  }()

  @Test("the totals are those of the summary, read by the events' names")
  func totals() throws {
    let totals = try Cachegrind.totals(in: Self.sample)
    #expect(
      totals
        == Cachegrind.Totals(
          instructions: 127_679, accesses: 29_390 + 10_265, firstMisses: 1_226 + 343,
          lastMisses: 1_015 + 311))
  }

  @Test("two processes differ by the calls that one has made more")
  func differences() {
    let few = Cachegrind.Totals(instructions: 10, accesses: 8, firstMisses: 6, lastMisses: 4)
    let many = Cachegrind.Totals(instructions: 15, accesses: 10, firstMisses: 7, lastMisses: 4)
    #expect(
      many - few == Cachegrind.Totals(instructions: 5, accesses: 2, firstMisses: 1, lastMisses: 0))
  }

  @Test(
    "damaged output is told by what is wrong with it",
    arguments: [
      ("", Cachegrind.Damage.lineMissing("events:")),
      ("events: Ir\nfl=x\n", .lineMissing("summary:")),
      ("events: Ir Dr\nsummary: 1\n", .valuesMissing(events: 2, values: 1)),
      ("events: Ir Dr Dw D1mr D1mw DLmr\nsummary: 1 2 3 4 5 6\n", .eventMissing("DLmw")),
      ("events: Ir Dr Dw D1mr D1mw DLmr DLmw\nsummary: 1 2 3 x 5 6 7\n", .notANumber("x")),
      ("events: Ir Dr Dw D1mr D1mw DLmr DLmw\nsummary: 1 2 3 -4 5 6 7\n", .notANumber("-4")),
    ])
  func damage(text: String, damage: Cachegrind.Damage) {
    #expect(throws: damage) { try Cachegrind.totals(in: text) }
    #expect(!damage.description.contains("\n"))
  }

  @Test("a sample that ends anywhere before its summary is refused")
  func truncation() throws {
    let end = try #require(Self.sample.firstRange(of: "summary:"))
    let head = Self.sample[..<end.lowerBound]
    for length in stride(from: 0, to: head.count, by: 97) {
      #expect(throws: Cachegrind.Damage.self) {
        try Cachegrind.totals(in: String(head.prefix(length)))
      }
    }
  }

  @Test("caches are asked for with sets in powers of two, as far as their ways are known")
  func caches() {
    var machine = Machine.empty
    machine.caches = [
      Machine.Cache(level: 2, bytes: 1_310_720, lineBytes: 64, sharedBy: 1, ways: 10),
      Machine.Cache(level: 1, bytes: 49_152, lineBytes: 64, sharedBy: 1, ways: 12),
      Machine.Cache(level: 3, bytes: 37_748_736, lineBytes: 64, sharedBy: 8, ways: 12),
      Machine.Cache(level: 4, bytes: 1 << 27, lineBytes: 64, sharedBy: 8),
    ]
    let caches = Cachegrind.caches(of: machine)
    // 64, 2,048 and, of 49,152, 32,768 sets.
    #expect(caches.map(\.bytes) == [49_152, 1_310_720, 25_165_824])
    let arguments = Cachegrind.arguments(first: caches[0], last: caches[1], output: "/tmp/x")
    #expect(arguments.contains("--D1=49152,12,64") && arguments.contains("--LL=1310720,10,64"))
    #expect(arguments.last == "--cachegrind-out-file=/tmp/x")
  }

  @Test("an order is what its process reads")
  func orders() throws {
    let order = KernelCalls(
      experiment: "a/b", variant: 1, parameter: Parameter(value: 4, label: "4 \"KiB\""), seed: 7,
      cpus: [1, 0], calls: 3)
    let read = try WorkerProtocol.decode(KernelCalls.self, from: WorkerProtocol.encode(order))
    #expect(read.parameter == order.parameter && read.cpus == [1, 0] && read.calls == 3)
  }
}

import Foundation
import Testing

/// What `perflab flame` refuses, each in one line.
@Suite struct FlameCommandTests {
  @Test(arguments: [
    (["flame", "cpu/hot-paht"], 64, "did you mean cpu/hot-path"),
    (["flame", "cpu/hot-path", "--variant", "rust"], 64, "it has strings, bytes"),
    (["flame", "cpu/hot-path", "--point", "3"], 64, "it has 1, 2, 4, 8"),
    (["flame", "cpu/hot-path"], 1, "debug build"),
  ])
  func refuses(arguments: [String], code: Int32, reason: String) throws {
    let folder = try Perflab.scratch()
    let outcome = try Perflab.run(arguments, in: folder)
    #expect(outcome.code == code)
    #expect(outcome.err.contains(reason), "\(outcome.err)")
    #expect(outcome.err.filter { $0 == "\n" }.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
  }
}

#if DEBUG
  import Foundation
  import Testing

  /// Programs that misuse an arena, given to the compiler with the module that this test uses.
  @Suite(.enabled(if: Compiler.path != nil, "there is no swiftc on the PATH"))
  struct ArenaMisuseTests {
    @Test func aProgramThatKeepsTheRulesCompiles() throws {
      let complaints = try Compiler.complaints(
        """
        var arena = Arena()
        do {
          let box = arena.make(41)
          var span = arena.span(repeating: 0, count: 4)
          span[3] = box.value
        }
        arena.reset()
        """)
      #expect(complaints == "")
    }

    @Test(
      "What misuses an arena does not compile",
      arguments: [
        (
          "a box is used after reset", "overlapping accesses to 'arena'",
          "var arena = Arena(); let box = arena.make(1); arena.reset(); box.value += 1"
        ),
        (
          "a span is used after reset", "overlapping accesses to 'arena'",
          """
          var arena = Arena()
          let span = arena.span(repeating: 0, count: 4)
          arena.reset()
          _ = span[0]
          """
        ),
        (
          "the arena is given away under a box", "noncopyable 'arena' cannot be consumed",
          "let arena = Arena(); let box = arena.make(1); end(arena); box.value += 1"
        ),
        (
          "a box outlives its arena", "escapes its scope",
          "let box: ArenaBox<Int>; do { let arena = Arena(); box = arena.make(1) }; _ = box.value"
        ),
        (
          "a closure takes a box along", "escapes its scope",
          "let arena = Arena(); let box = arena.make(1); return { box.value }"
        ),
        (
          "a box is ended twice", "'box' consumed more than once",
          "let arena = Arena(); let box = arena.make(1); end(box); end(box)"
        ),
        (
          "an arena is copied", "'arena' consumed more than once",
          "let arena = Arena(); let one = arena; end(arena); _ = one.reservedBytes"
        ),
      ])
    func refused(what: String, reason: String, program: String) throws {
      let complaints = try Compiler.complaints(program)
      #expect(complaints.contains(reason), "\(what): \(complaints)")
    }
  }

  /// The compiler of the toolchain that runs the tests.
  private enum Compiler {
    static let path: String? = {
      let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
      return folders.split(separator: ":").map { "\($0)/swiftc" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Where SwiftPM has put this build.
    private static let products: URL = {
      var url = URL(filePath: CommandLine.arguments.first { $0.contains(".xctest") } ?? "")
      while url.path().contains(".xctest") { url.deleteLastPathComponent() }
      return url
    }()

    /// What it says of errors in these statements; empty where there are none.
    static func complaints(_ statements: String) throws -> String {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "perflab-misuse-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appending(path: "program.swift")
      let program = """
        import Techniques
        func end(_: consuming Arena) {}
        func end(_: consuming ArenaBox<Int>) {}
        func program() -> (() -> Int)? {
        \(statements)
        return nil
        }
        """
      try Data(program.utf8).write(to: file)
      let process = Process()
      process.executableURL = URL(filePath: try #require(path))
      // Lifetimes are checked on SIL, after the types.
      process.arguments = [
        "-emit-sil", "-o", "/dev/null", "-I", products.appending(path: "Modules").path(),
        "-Xcc", "-fmodule-map-file=\(products.path())CPerflab.build/module.modulemap",
        "-module-cache-path", products.appending(path: "ModuleCache").path(), file.path(),
      ]
      let said = Pipe()
      process.standardError = said
      try process.run()
      let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let lines = words.split(separator: "\n").filter { $0.contains(": error: ") }
      return lines.joined(separator: "\n")
    }
  }
#endif

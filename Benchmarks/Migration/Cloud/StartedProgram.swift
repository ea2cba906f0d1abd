import Harness
import Platform
import Results

/// A small program, compiled here with shared libraries and without, that answers one question.
final class StartedProgram {
  /// Of scratch space.
  static let bytes = 64 << 20

  private(set) var report: [String: Counter] = [:]
  private let table: Int
  private let folder: String

  init(_ point: Point) throws {
    table = point.value
    folder = try Self.compiled()
  }

  /// Starts it and waits for its end.
  /// - Returns: a digest of its answer, which does not depend on how it was found.
  func answer(isStatic: Bool, isLazy: Bool) throws -> UInt64 {
    let words = [
      "\(folder)/\(isStatic ? "static" : "dynamic")", "\(table)", isLazy ? "lazy" : "eager", "17",
    ]
    let run = try Command(words).run().run
    guard run.ending == .exited(code: 0), let output = run.output, output.bytes == 16 else {
      throw NoAnswer(how: "\(run.ending)")
    }
    report = [
      "processor time": Counter(run.userNanoseconds + run.systemNanoseconds, unit: .nanoseconds)
    ]
    return output.hash
  }

  /// Nanoseconds of starts without a table, and of what a megabyte of it adds.
  static func demands(_ point: Point) throws -> [String: Double] {
    let program = try StartedProgram(point)
    func median(_ table: Int, isStatic: Bool) throws -> Double {
      let words = [
        "\(program.folder)/\(isStatic ? "static" : "dynamic")", "\(table)", "eager", "17",
      ]
      let times = try (0..<5).map { _ in try Command(words).run().run.nanoseconds }
      return times.sorted()[2]
    }
    let bare = try median(4_096, isStatic: true)
    return [
      "static start": bare, "dynamic start": try median(4_096, isStatic: false),
      "a megabyte of table": max(0, try median(8 << 20, isStatic: true) - bare) / 8,
    ]
  }

  private struct NoAnswer: Error, CustomStringConvertible {
    let how: String
    var description: String { "the program has not answered: \(how)" }
  }

  // Its making.

  /// A folder with both programs, made once in a run.
  private static func compiled() throws -> String {
    try ScratchFolder.shared(3_000, bytes: bytes) { folder in
      try FileTree.write(source, to: "\(folder)/program.c")
      let libraries = ["-lssl", "-lcrypto", "-lsqlite3", "-lz", "-lzstd", "-lm"]
      for (name, options) in [("dynamic", ["-Wl,--no-as-needed"]), ("static", ["-static"])] {
        let words =
          ["cc", "-O1", "-w", "-o", "\(folder)/\(name)", "\(folder)/program.c"] + options
          + libraries + ["-ldl", "-lpthread"]
        let result = try Command(words).outputs()
        guard result.ending == .exited(code: 0) else {
          throw NotCompiled(name: name, reason: result.errors)
        }
      }
    }
  }

  private struct NotCompiled: Error, CustomStringConvertible {
    let name, reason: String
    var description: String {
      "no \(name) program: \(reason.split(separator: "\n").first ?? "cc failed")"
    }
  }

  private static let source = """
    #include <openssl/crypto.h>
    #include <openssl/ssl.h>
    #include <sqlite3.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <zlib.h>
    #include <zstd.h>

    static unsigned long entry(unsigned long i) {
      i = (i ^ (i >> 33)) * 0xff51afd7ed558ccdul;
      return i ^ (i >> 33);
    }

    int main(int count, char **words) {
      if (count != 4) return 2;
      unsigned long size = strtoul(words[1], 0, 10) / 8, question = strtoul(words[3], 0, 10);
      int versions = OpenSSL_version_num() != 0 && SSL_alert_type_string(0) != 0 &&
                     sqlite3_libversion_number() > 0 && zlibVersion()[0] &&
                     ZSTD_versionNumber() > 0;
      unsigned long answer;
      if (strcmp(words[2], "eager") == 0) {
        unsigned long *table = malloc(size * 8);
        if (!table) return 3;
        for (unsigned long i = 0; i < size; i++) table[i] = entry(i);
        answer = *(volatile unsigned long *)(table + question % size);
      } else {
        answer = entry(question % size);
      }
      printf("%016lx", answer);
      return versions ? 0 : 4;
    }
    """
}

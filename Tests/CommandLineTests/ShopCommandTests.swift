import Foundation
import Platform
import Testing

/// `perflab shop` as a user runs it.
@Suite(.serialized) struct ShopCommandTests {
  /// Starts a shop; its process, and the address that it serves at.
  private func serve(_ arguments: [String]) throws -> (Process, Pipe, line: String) {
    let process = Process()
    process.executableURL = URL(filePath: Perflab.path())
    process.arguments = ["shop", "serve", "--port", "0"] + arguments
    let out = Pipe()
    process.standardOutput = out
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while let byte = try out.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
      line.append(byte)
    }
    return (process, out, String(decoding: line, as: UTF8.self))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsItWith128AndItsNumber(signal: Int32) throws {
    let (process, _, line) = try serve(["--sick", "n-plus-one", "hot-row"])
    #expect(line.hasSuffix(", sick with hot-row, n-plus-one"))
    let folder = try #require(line.firstMatch(of: #/ from ([^ ,]+)/#)?.1)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/shop.db"))
    #expect(line.hasPrefix("http://127.0.0.1:"))
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + signal)
    #expect(!FileManager.default.fileExists(atPath: String(folder)))
  }

  @Test(
    .enabled(if: InstalledProgram.path(of: "postgres") != nil, "PostgreSQL is not installed"),
    arguments: [SIGTERM, SIGKILL])
  func aPrivateServerEndsWithIt(signal: Int32) throws {
    let (process, _, line) = try serve(["--storage", "postgresql"])
    let folder = try #require(line.firstMatch(of: #/ from PostgreSQL in ([^ ,]+)/#)?.1)
    let server = try String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
    let id = try #require(server.split(separator: "\n").first.flatMap { Int32($0) })
    #expect(kill(id, 0) == 0 || errno == EPERM)
    let target = "host=\(folder) user=perflab dbname=postgres"
    let check = try Perflab.run(["shop", "check", "--postgres", target])
    #expect(check.code == 0 && check.out == "all invariants hold\n", "\(check.err)")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    for _ in 0..<1_000 where kill(id, 0) == 0 || errno == EPERM { usleep(10_000) }
    #expect(kill(id, 0) == -1 && errno == ESRCH)
    // Who is killed leaves its folder to the next process that makes one.
    if signal != SIGKILL { #expect(!FileManager.default.fileExists(atPath: String(folder))) }
    let lost = try Perflab.run(["shop", "check", "--postgres", target])
    #expect(lost.code == 1 && lost.err.hasPrefix("perflab: the database can't be used: "))
    #expect(lost.err.split(separator: "\n").count == 1, "\(lost.err)")
    let folders = try Perflab.run(["shop", "serve", "--storage", "postgresql", "--db", "/tmp/x"])
    #expect(folders.code == 64 && folders.err.hasPrefix("perflab: --db is for SQLite: "))
    let sick = try Perflab.run([
      "shop", "serve", "--storage", "postgresql", "--sick", "missing-index",
    ])
    #expect(sick.code == 1 && sick.err.contains("missing-index needs SQLite: "))
  }

  /// In the middle of its measurements: its shop ends and its folder goes.
  @Test(arguments: [SIGINT, SIGTERM]) func aForecastEndsInOrder(signal: Int32) throws {
    let process = Process()
    process.executableURL = URL(filePath: Perflab.path())
    process.arguments = ["shop", "forecast", "--seconds", "0.05", "--visitors", "20"]
    let err = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = err
    try process.run()
    let place = "perflab-scratch-\(process.processIdentifier)-"
    func folders() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "/var/tmp").filter {
        $0.hasPrefix(place)
      }
    }
    // The first line: visitors settle.
    _ = try err.fileHandleForReading.read(upToCount: 1)
    #expect(try folders().count == 1)
    kill(process.processIdentifier, signal)
    let rest = String(
      decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + signal)
    #expect(rest.hasSuffix("perflab: interrupted; nothing was written\n"), "\(rest)")
    #expect(try folders().isEmpty)
  }

  @Test func aFolderThatWasAskedForStaysAndIsSound() throws {
    let folder = try Perflab.scratch().appending(path: "shop").path(percentEncoded: false)
    let (process, _, _) = try serve(["--db", folder])
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let check = try Perflab.run(["shop", "check", "--db", folder])
    #expect(check.code == 0 && check.out == "all invariants hold\n")
  }

  @Test func wrongUsageIsOneLine() throws {
    let unknown = try Perflab.run(["shop", "serve", "--sick", "flu"])
    #expect(unknown.code == 64)
    #expect(unknown.err.hasPrefix("perflab: there is no sickness 'flu'"))
    let size = try Perflab.run(["shop", "serve", "--data", "huge"])
    #expect(size.code == 64 && size.err.contains("use small, medium or large"))
    let place = try Perflab.run(["shop", "serve", "--db", "/proc/nonesuch"])
    #expect(place.code == 1)
    #expect(
      place.err == "perflab: /proc/nonesuch can't be used: No such file or directory\n",
      "\(place.err)")
    let orders = try Perflab.run(["shop", "serve", "--orders-at", "0"])
    #expect(orders.code == 64 && orders.err == "perflab: --orders-at is from 1 to 65535\n")
    let both = try Perflab.run(["shop", "check", "--db", "/tmp", "--postgres", "host=/tmp"])
    #expect(both.code == 64)
    #expect(both.err == "perflab: a check needs --db or --postgres, and not both\n")
    let none = try Perflab.run(["shop", "profile", "--requests", "0"])
    #expect(none.code == 64 && none.err == "perflab: --requests is from 1 to 1000000\n")
    for outcome in [unknown, size, place] {
      #expect(outcome.err.split(separator: "\n").count == 1)
    }
  }

  @Test(arguments: [
    ["--seconds", "inf"], ["--think", "1e300"], ["--rate", "inf"], ["--rate", "nan"],
    ["--users", "0"], ["--connections", "0"], ["--path", "products/1"],
  ])
  func aVisitOutOfRangeIsOneLine(arguments: [String]) throws {
    let visit = try Perflab.run(["shop", "visit"] + arguments)
    #expect(visit.code == 64 && visit.err.hasPrefix("perflab: --"), "\(visit.err)")
    #expect(visit.err.split(separator: "\n").count == 1)
  }

  @Test func aCheckOfNoShopMakesNone() throws {
    let folder = try Perflab.scratch().path(percentEncoded: false)
    let check = try Perflab.run(["shop", "check", "--db", folder])
    #expect(check.code == 1)
    #expect(
      check.err == "perflab: the database can't be used: there is no shop.db in \(folder)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test func aPortInUseIsOneLine() throws {
    let (process, _, line) = try serve([])
    defer { kill(process.processIdentifier, SIGKILL) }
    let port = try #require(line.firstMatch(of: #/:(\d+) /#)?.1)
    let second = try Perflab.run(["shop", "serve", "--port", String(port)])
    #expect(second.code == 1)
    #expect(
      second.err == "perflab: port \(port) can't be used: Address already in use; "
        + "choose another one with --port, or 0 for any\n")
  }

  @Test func sicknessesAreListed() throws {
    let list = try Perflab.run(["shop", "list-sicknesses"])
    #expect(list.code == 0)
    #expect(list.out.split(separator: "\n").count >= 2 * 14)
    #expect(list.out.contains("missing-index"))
  }

  @Test func aForecastIsAPageAndBadInputIsOneLine() throws {
    let page = try Perflab.run(["shop", "forecast", "--seconds", "0.05", "--visitors", "20"])
    #expect(page.code == 0, "\(page.err)")
    #expect(page.out.hasPrefix("# A Shop predicted by the simulator, and measured\n"))
    #expect(page.err.contains("predicted: "))
    let bads = [
      ["--seconds", "0"], ["--visitors", "0"], ["--sick", "nothing"], ["--data", "huge"],
    ]
    for bad in bads {
      let refused = try Perflab.run(["shop", "forecast"] + bad)
      #expect(refused.code == 64)
      #expect(refused.err.split(separator: "\n").count == 1)
    }
    // Before anything is measured.
    let lost = try Perflab.run(["shop", "forecast", "--output", "/nonesuch/page.md"])
    #expect(lost.code == 1)
    #expect(
      lost.err == "perflab: /nonesuch/page.md can't be written: No such file or directory\n")
  }
}

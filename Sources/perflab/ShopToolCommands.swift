import ArgumentParser
import Glibc
import Lab
import Platform
import Shop

struct ShopSicknessesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-sicknesses", abstract: "List the faults that can be planted.")

  func run() throws {
    let width = Sickness.allCases.map(\.rawValue.count).max() ?? 0
    for sickness in Sickness.allCases {
      let name = sickness.rawValue
      let padding = String(repeating: " ", count: width - name.count)
      try Lab.line("\(name)\(padding)  \(sickness.fault)")
      try Lab.line("\(String(repeating: " ", count: width))  shows in: \(sickness.symptom)")
    }
  }
}

struct ShopCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the invariants of a shop's database, past the shop itself.",
    discussion: "Ends with 1 where one is violated: no order without payment, no stock lost.")

  @Option(help: "Folder of the database, where that is SQLite.")
  var db: String?

  @Option(help: "PostgreSQL's address, as libpq takes it: 'host=FOLDER user=NAME dbname=NAME'.")
  var postgres: String?

  func run() throws {
    guard let place = db ?? postgres, db == nil || postgres == nil else {
      throw CommandFailed("a check needs --db or --postgres, and not both", exitCode: 64)
    }
    let violations: [String]
    do {
      let checker = try db.map { try InvariantChecker(folder: $0) }
      violations = try (checker ?? InvariantChecker(postgres: place)).violations()
    } catch { throw CommandFailed("\(error)") }
    for violation in violations { try Lab.line(violation) }
    if !violations.isEmpty { throw CommandFailed("the database of \(place) is not sound") }
    try Lab.line("all invariants hold")
  }
}

struct ShopProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Measure what each kind of request demands, as JSON.",
    discussion: """
      Processor time and waits of each kind of request as distributions, one request at a time: \
      what a simulation of the shop is fed with.
      """)

  @OptionGroup var shop: ShopOptions

  @Option(help: "Requests of each kind.")
  var requests = 1_000

  @Option(help: "Write the JSON to this file (default: standard output).")
  var output: String?

  func run() throws {
    guard (1...1_000_000).contains(requests) else {
      throw CommandFailed("--requests is from 1 to 1000000", exitCode: 64)
    }
    try TextOutput.check(output)
    let place = try shop.place()
    defer { withExtendedLifetime(place) {} }
    let settings = try shop.settings(in: place)
    let json = try ShopOptions.interruptible {
      try DemandProfile(settings, requests: requests).measure().json()
    }
    try TextOutput.write(json, to: output)
  }
}

/// Where a command's text goes.
enum TextOutput {
  /// Whether the file can be written, before minutes are spent on what it is to hold.
  static func check(_ path: String?) throws {
    guard let path else { return }
    let isThere = access(path, F_OK) == 0
    fclose(try open(path, "ae"))
    if !isThere { unlink(path) }
  }

  /// - Parameters:
  ///   - text: with a line feed at its end.
  ///   - path: of a file; nil for standard output.
  static func write(_ text: String, to path: String?) throws {
    guard let path else { return try Lab.line(String(text.dropLast())) }
    let file = try open(path, "we")
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else { throw failure(path) }
  }

  private static func open(_ path: String, _ mode: String) throws -> UnsafeMutablePointer<FILE> {
    guard let file = fopen(path, mode) else { throw failure(path) }
    return file
  }

  private static func failure(_ path: String) -> CommandFailed {
    CommandFailed("\(path) can't be written: \(SystemError.describe(errno))")
  }
}

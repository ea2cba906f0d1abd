import Foundation

/// The executable as a user runs it.
enum Perflab {
  struct Outcome {
    let code: Int32
    let out: String
    let err: String
  }

  /// A built product beside the test bundle.
  static func path(_ product: String = "perflab") -> String {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    var url = URL(filePath: bundle)
    while url.path().contains(".xctest") { url.deleteLastPathComponent() }
    return url.appending(path: product).path(percentEncoded: false)
  }

  /// Runs it in `folder` (default: a new empty one) and waits for its end.
  static func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:],
    under wrapper: [String] = [], product: String = "perflab"
  ) throws -> Outcome {
    try start(wrapper + [path(product)] + arguments, in: folder, environment: environment)
  }

  /// Runs any program and waits for its end.
  static func start(
    _ words: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = try folder ?? scratch()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let out = Pipe()
    let err = Pipe()
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // Neither pipe fills: the outputs are short.
    let outData = out.fileHandleForReading.readDataToEndOfFile()
    let errData = err.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, out: String(decoding: outData, as: UTF8.self),
      err: String(decoding: errData, as: UTF8.self))
  }

  /// Where this process's folders lie; they go when it ends.
  private static let base: URL = {
    atexit { try? FileManager.default.removeItem(at: Perflab.base) }
    return FileManager.default.temporaryDirectory.appending(path: "perflab-tests-\(getpid())")
  }()

  /// A new empty folder.
  static func scratch() throws -> URL {
    let folder = base.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

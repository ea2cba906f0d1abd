import Foundation

/// The program that plays scenes in a network of its own, and what it said.
struct PlantedNetwork {
  let code: Int32
  let lines: [String]

  /// - Parameter wrapper: what runs it.
  init(_ scene: String, under wrapper: [String] = []) throws {
    let process = try Self.start(scene, under: wrapper)
    let output = process.standardOutput as! Pipe
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    code = process.terminationStatus
    lines = text.split(separator: "\n").map(String.init)
  }

  /// A process with its output in a pipe.
  static func start(_ scene: String, under wrapper: [String] = []) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = wrapper + [path, scene]
    process.standardOutput = Pipe()
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Why this machine can't play scenes; nil where it can.
  static let refusal: String? = {
    guard FileManager.default.fileExists(atPath: "/dev/net/tun") else { return "no /dev/net/tun" }
    let first = try? PlantedNetwork("none")
    return first?.code == 2 ? nil : first?.lines.first ?? "it does not start"
  }()

  /// Whether a program is installed.
  static func has(_ program: String) -> Bool {
    ["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + program)
    }
  }

  /// A number that it said.
  func number(_ name: String) -> Double? {
    lines.first { $0.hasPrefix(name + ": ") }.flatMap { Double($0.dropFirst(name.count + 2)) }
  }

  private static let path: String = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    var url = URL(filePath: bundle)
    while url.path().contains(".xctest") { url.deleteLastPathComponent() }
    return url.appending(path: "planted-network").path(percentEncoded: false)
  }()
}

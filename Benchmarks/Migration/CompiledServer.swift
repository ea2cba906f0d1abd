import Glibc
import Harness
import Platform
import Results

/// A small service, compiled here with given flags, in a process of its own on the second of the
/// point's processors: it reads requests from a pipe and writes responses to another one.
final class CompiledServer {
  /// Of a call.
  static let requests = SmokeRun.isThis ? 8 : 64
  /// Of scratch space.
  static let bytes = 64 << 20
  private static let patience = 10.0  // seconds

  let report: [String: Counter]
  private let process: ChildProcess
  private let products: Int

  /// - Parameter flags: of the compiler.
  init(_ point: Point, _ flags: [String]) throws {
    products = point.value
    let program = try Self.compiled(flags)
    let start = Clock.now()
    process = try Self.started(program, point)
    try Self.ask([Self.request(from: 0, count: 1)], process)
    let answered = Clock.now()
    var information = stat()
    stat(program, &information)
    report = [
      "start to first response": .seconds(Double(answered - start) / 1e9),
      "bytes of the program": Counter(Double(information.st_size), unit: .bytes),
      "time to compile": try .seconds(Self.seconds(of: program)),
    ]
  }

  private static func started(_ program: String, _ point: Point) throws -> ChildProcess {
    try ChildProcess(path: program, arguments: [], environment: [:], cpus: [point.cpus.last!])
  }

  /// Sends requests at once and receives their responses.
  /// - Returns: a digest of these.
  @discardableResult
  private static func ask(_ requests: [String], _ process: ChildProcess) throws -> UInt64 {
    process.writeLine(Array(requests.joined(separator: "\n").utf8))
    return try requests.reduce(0) { digest, _ in
      let line = try process.readLine(within: patience)
      return mixed(digest ^ line.withUnsafeBytes { ByteDigest.of($0) })
    }
  }

  private static func request(from first: Int, count: Int) -> String {
    "GET /products?currency=EUR%20%2F%20cent&from=\(first)&count=\(count) HTTP/1.1"
  }

  /// The same requests at each call.
  func serve() throws -> UInt64 { try serve(products) }

  private func serve(_ products: Int) throws -> UInt64 {
    let requests = (0..<Self.requests).map {
      Self.request(from: 1 + $0 * 389 % 9_000, count: products)
    }
    return try Self.ask(requests, process)
  }

  /// Nanoseconds of a request, and of each product in its response: from responses of 2 and of 12.
  func lineOfTimes() throws -> (request: Double, product: Double) {
    func time(_ products: Int) throws -> Double {
      let times = try (0..<5).map { _ in
        let start = Clock.now()
        _ = try serve(products)
        return Double(Clock.now() - start) / Double(Self.requests)
      }
      return times.sorted()[2]
    }
    let (few, many) = (try time(2), try time(12))
    let product = max(1, (many - few) / 10)
    return (max(1, few - 2 * product), product)
  }

  // Its making.

  /// - Returns: the path of the program, which is compiled once in a run.
  private static func compiled(_ flags: [String]) throws -> String {
    let name = flags.joined()
    let number = 3_001 + Int(name.utf8.reduce(0) { ($0 &* 31 &+ UInt32($1)) % 10_007 })
    let folder = try ScratchFolder.shared(number, bytes: bytes) { folder in
      for (name, text) in source { try FileTree.write(text, to: "\(folder)/\(name).swift") }
      let files = source.keys.sorted().map { "\(folder)/\($0).swift" }
      let command = Command(["swiftc"] + flags + ["-o", "\(folder)/server"] + files)
      let start = Clock.now()
      let result = try command.outputs()
      guard result.ending == .exited(code: 0) else {
        throw NotCompiled(flags: flags, reason: result.errors)
      }
      try FileTree.write("\(Clock.now() - start)", to: "\(folder)/nanoseconds")
    }
    return "\(folder)/server"
  }

  private static func seconds(of program: String) throws -> Double {
    let file = program.dropLast("server".count) + "nanoseconds"
    let text = String(decoding: try TextFile.bytes(String(file)).get(), as: UTF8.self)
    return (Double(text) ?? 0) / 1e9
  }

  private struct NotCompiled: Error, CustomStringConvertible {
    let flags: [String]
    let reason: String
    var description: String {
      let lines = reason.split(separator: "\n")
      let first = lines.first { $0.contains("error:") } ?? lines.first ?? "no reason"
      return "swiftc \(flags.joined(separator: " ")): \(first)"
    }
  }
}

import Foundation
import Platform
import Testing

@testable import Systems

@Suite(.serialized) struct ServiceTests {
  private func shell(_ script: String) -> Service.Program {
    Service.Program(
      "planted", path: "/bin/sh", files: { _ in ["data": "kept"] },
      arguments: { ["-c", script, "sh", $0.folder, "\($0.port)"] })
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test func aProgramThatIsNotThereIsOneLine() {
    let program = Service.Program(
      "nonesuch", path: "/nonesuch/program", files: { _ in [:] }, arguments: { _ in [] })
    let error = #expect(throws: ServiceError.self) { try Service(program) { _ in nil } }
    #expect(
      error.map { "\($0)" }
        == "nonesuch did not start: /nonesuch/program: No such file or directory")
  }

  @Test func aProgramThatEndsSaysWhatItWrote() {
    let error = #expect(throws: ServiceError.self) {
      try Service(shell("echo cannot read my settings >&2; exit 3")) { _ in "not yet" }
    }
    #expect(
      error.map { "\($0)" }
        == "planted ended with exit code 3; it wrote: cannot read my settings")
  }

  @Test func aProgramThatIsNeverReadyIsKilled() {
    var place: Service.Place?
    let error = #expect(throws: ServiceError.self) {
      try Service(shell("echo starting; sleep 1000"), within: 0.2) {
        place = $0
        return "connection refused"
      }
    }
    #expect(
      error.map { "\($0)" }
        == "planted was not ready after 0 s: connection refused; it wrote: starting")
    #expect(place.map { exists($0.folder) } == false)
  }

  @Test func itsGroupAndItsFolderEndWithIt() throws {
    let service = try Service(shell("sleep 1000 & echo $! > $1/child; wait")) { place in
      (try? String(contentsOfFile: place.folder + "/child", encoding: .utf8))?.hasSuffix("\n")
        == true ? nil : "no child yet"
    }
    let folder = service.place.folder
    #expect(try String(contentsOfFile: folder + "/data", encoding: .utf8) == "kept")
    let child = try #require(
      pid_t(try String(contentsOfFile: folder + "/child", encoding: .utf8).dropLast()))
    #expect(kill(child, 0) == 0 && service.failure() == nil)
    service.stop()
    service.stop()
    #expect(eventually { isGone(child) })
    #expect(!exists(folder))
  }

  @Test func aServiceThatDiesInTheMiddleIsNoticed() throws {
    let service = try Service(
      shell(
        "echo serving; until [ -e $1/go ]; do sleep 0.01; done; echo gone; kill -9 $$")
    ) { _ in nil }
    #expect(service.failure() == nil)
    try FileTree.write("", to: service.place.folder + "/go")
    var failure: ServiceError?
    #expect(
      eventually {
        failure = failure ?? service.failure()
        return failure != nil
      })
    #expect(failure.map { "\($0)" } == "planted was killed by signal 9; it wrote: serving / gone")
    #expect(!exists(service.place.folder))
  }

  /// The undertaker's pipe ends as it does with the process: here its other end is closed.
  @Test func whereThisProcessEndsTheServiceDoes() throws {
    let process = try Spawn.start("/bin/sleep", ["1000"], input: 0, output: 2)
    Undertaker(of: process).dieWithPipe()
    #expect(eventually { isGone(process) })
  }

  @Test func itInheritsNoDescriptor() throws {
    // As a library leaves one that it opens: without FD_CLOEXEC.
    let listener = try Socket.listening()
    #expect(fcntl(listener.descriptor, F_SETFD, 0) == 0)
    let program = shell(
      "for d in /proc/self/fd/*; do readlink $d; done | grep socket; echo none; sleep 9")
    let error = #expect(throws: ServiceError.self) {
      try Service(program, within: 0.5) { _ in "not yet" }
    }
    #expect(error.map { "\($0)".hasSuffix("it wrote: none") } == true)
  }

  @Test func garbageIsNotReady() throws {
    let listener = try Socket.listening()
    let answer = Thread {
      guard let socket = try? listener.accept() else { return }
      var bytes = [UInt8](repeating: 0, count: 16)
      _ = try? bytes.withUnsafeMutableBytes { try socket.receive($0) }
      try? Array("-ERR unknown command\r\n".utf8).withUnsafeBytes { try socket.send($0) }
    }
    answer.start()
    #expect(
      Service.answers(HTTPProtocol(), at: try listener.endpoint())
        == "the server does not speak the protocol: no status line of HTTP/1: -ERR unknown command")
  }

  @Test(.enabled(if: InstalledProgram.path(of: "nginx") != nil)) func nginxServes() throws {
    let service = try Service.nginx()
    let exchange = try Exchange(
      [.init(service.place.endpoint, connections: 100)], wire: HTTPProtocol())
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.1), by: SendOnce(), grace: 2_000_000_000)
    #expect(result.answered == 100)
    let error = #expect(throws: ServiceError.self) {
      try Service.nginx(port: service.place.port)
    }
    #expect(
      error.map { "\($0)" }
        == "nginx did not start: bind \(service.place.endpoint): Address already in use")
  }

  @Test(.enabled(if: InstalledProgram.path(of: "nginx") != nil))
  func nginxServesFilesByTheirNames() throws {
    let folder = try ScratchFolder(bytes: 1 << 20)
    try FileTree.write("a picture", to: folder.file("one"))
    let service = try Service.nginx(serving: folder.path)
    func digest(_ path: String) throws -> UInt64 {
      let exchange = try Exchange(
        [.init(service.place.endpoint, connections: 1)], wire: HTTPProtocol(path: path))
      return try ClosedLoop(users: 1, seconds: 5, most: 1, seed: 1).run(on: exchange).digest
    }
    let expected = Array("a picture".utf8).withUnsafeBytes {
      LoadResult.mixed(Answer.digest(ofBytes: $0))
    }
    #expect(try digest("/one") == expected)
    #expect(try digest("/") != expected)
    #expect(throws: LoadError.self) { try digest("/two") }
    #expect(service.processorTime > 0)
  }

  @Test(.enabled(if: InstalledProgram.path(of: "redis-server") != nil))
  func redisReplies() throws {
    let service = try Service.redis()
    let redis = try RedisConnection(service.place.endpoint)
    let long = String(repeating: "ä", count: 10_000)
    #expect(try redis.run("SET", "key", long) == .text("OK"))
    #expect(try redis.run("GET", "key") == .text(long))
    #expect(try redis.run("GET", "no such key") == .absent)
    #expect(try redis.run("HSET", "hash", "a", "1", "b", "") == .integer(2))
    #expect(
      try redis.run("HGETALL", "hash")
        == .array([.text("a"), .text("1"), .text("b"), .text("")]))
    let error = #expect(throws: RedisError.self) { _ = try redis.run("NONSENSE") }
    #expect(error.map { "\($0)".hasPrefix("ERR unknown command") } == true)
    // The connection is as good as before.
    #expect(try redis.run("HLEN", "hash") == .integer(2))
    service.stop()
    #expect(throws: SystemError.self) { _ = try redis.run("PING") }
  }

  @Test(.enabled(if: InstalledProgram.path(of: "haproxy") != nil))
  func haproxyDistributesRequests() throws {
    #expect(try shares { try .haproxy(before: $0, balance: "roundrobin") } == [50, 50])
  }

  @Test(.enabled(if: InstalledProgram.path(of: "nginx") != nil))
  func nginxDistributesRequests() throws {
    let shares = try shares { try .nginx(before: $0, balance: "random two least_conn") }
    #expect(shares.reduce(0, +) == 100 && shares.allSatisfy { $0 > 0 })
  }

  /// How many of 100 requests each of two servers gets behind a proxy.
  private func shares(behind proxy: ([Endpoint]) throws -> Service) throws -> [Int] {
    let loops = try EventLoops(cpus: [0])
    let backends = try (0..<2).map { _ in try Backend(on: loops.loops[0], speaking: .http) }
    let service = try proxy(backends.map(\.endpoint))
    let exchange = try Exchange(
      [.init(service.place.endpoint, connections: 100)], wire: HTTPProtocol())
    for backend in backends { _ = try backend.counts() }
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.1), by: SendOnce(), grace: 2_000_000_000)
    #expect(result.answered == 100)
    return try backends.map { try $0.counts().arrived }
  }

  private func isGone(_ process: pid_t) -> Bool {
    // A child of this process is gone once it is reaped.
    var status: Int32 = 0
    return waitpid(process, &status, WNOHANG) == process || (kill(process, 0) < 0 && errno == ESRCH)
  }
}

import Databases
import Drills
import Glibc
import Harness
import Platform
import Systems

/// Where a rolling release has its customers.
protocol CustomerStore: AnyObject {
  /// The first column of the first row of a statement; empty where there is none.
  func text(_ sql: String) throws -> String
  /// Runs statements in one transaction, where a query has a row.
  func run(_ sql: String, if condition: String) throws
}

extension SQLiteDatabase: CustomerStore {
  func text(_ sql: String) throws -> String {
    let statement = try prepare(sql)
    return try statement.step() ? statement.text(0) : ""
  }

  func run(_ sql: String, if condition: String) throws {
    try transaction { if try prepare(condition).step() { try execute(sql) } }
  }
}

/// Customers behind a link that is cut at one of the requests for them.
final class RemoteCustomers: CustomerStore {
  /// Requests that fail until the link is repaired.
  private static let fault = 5

  private let link: CutLink
  private let listener: Socket
  private var socket: Socket?
  private var failures = 0

  /// - Parameters:
  ///   - file: of the database, which nobody else has open.
  ///   - number: of the request that meets the cut, from 1.
  ///   - isDone: whether that one is done, and its response lost.
  init(_ file: String, cutAt number: Int, isDone: Bool) throws {
    let listener = try Socket.listening()
    let link = try CutLink(to: try listener.endpoint())
    (self.listener, self.link) = (listener, link)
    try ServerThread(on: nil) {
      orEnd {
        let database = try RollingRelease.opened(.file(file))
        var count = 0
        while let client = try? listener.accept() {
          while let request = try? Self.received(on: client) {
            count += 1
            let response = count == number && !isDone ? nil : Self.response(to: request, database)
            if count == number { link.cut() }
            guard let response, (try? Self.send([response], on: client)) != nil else { break }
          }
        }
      }
    }
  }

  deinit {
    socket?.end()
    listener.end()
  }

  func repair() { link.repair() }

  func text(_ sql: String) throws -> String { try ask([sql]) }
  func run(_ sql: String, if condition: String) throws { _ = try ask([sql, condition]) }

  /// What the other side says when a statement fails there.
  private struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// - Throws: `SystemError` where there is no response: it may be done or not.
  private func ask(_ request: [String]) throws -> String {
    let response: [String]
    do {
      let socket = try socket ?? Socket.connected(to: link.endpoint, options: [.noDelay(true)])
      self.socket = socket
      try Self.send(request, on: socket)
      response = try Self.received(on: socket)
    } catch {
      socket = nil
      failures += 1
      if failures == Self.fault { link.repair() }
      throw error
    }
    guard response[0].hasPrefix("1") else { throw Refused(description: response[0]) }
    return String(response[0].dropFirst())
  }

  /// Begins with 1 where it is done, and with 0 where it is refused.
  private static func response(to request: [String], _ database: SQLiteDatabase) -> String {
    do {
      guard request.count == 2 else { return "1\(try database.text(request[0]))" }
      try database.run(request[0], if: request[1])
      return "1"
    } catch { return "0\(error)" }
  }

  // A message: how many texts there are, the length of each, and the texts.

  private static func send(_ texts: [String], on socket: Socket) throws {
    let head = [texts.count] + texts.map(\.utf8.count)
    let bytes = head.withUnsafeBytes { Array($0) } + texts.flatMap(\.utf8)
    try bytes.withUnsafeBytes { try socket.send($0) }
  }

  private static func received(on socket: Socket) throws -> [String] {
    let count = try words(1, on: socket)[0]
    return try words(count, on: socket).map {
      String(decoding: try bytes($0, on: socket), as: UTF8.self)
    }
  }

  private static func words(_ count: Int, on socket: Socket) throws -> [Int] {
    try bytes(8 * count, on: socket).withUnsafeBytes { Array($0.bindMemory(to: Int.self)) }
  }

  private static func bytes(_ count: Int, on socket: Socket) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let isWhole = try bytes.withUnsafeMutableBytes { try socket.receiveAll($0) }
    guard isWhole else { throw SystemError(call: "receive", errno: ECONNRESET) }
    return bytes
  }
}

import CPQ
import Glibc
import Platform

/// A connection to a PostgreSQL server, closed with its last reference. For one thread at a time.
public final class PostgresConnection {
  private let handle: OpaquePointer

  /// Connects.
  /// - Parameter target: as libpq takes it: `host=/folder user=u dbname=d`.
  /// - Throws: `PostgresError` with what the server or libpq says.
  public init(_ target: String) throws(PostgresError) {
    guard let handle = PQconnectdb(target) else {
      throw PostgresError(doing: "connect", message: "memory is short")
    }
    guard PQstatus(handle) == CONNECTION_OK else {
      let message = String(cString: PQerrorMessage(handle))
      PQfinish(handle)
      throw PostgresError(doing: "connect to \(target)", message: message)
    }
    self.handle = handle
  }

  deinit { PQfinish(handle) }

  /// Why nobody answers there; nil where somebody does.
  static func problem(_ target: String) -> String? {
    do throws(PostgresError) {
      _ = try PostgresConnection(target).execute("SELECT 1")
      return nil
    } catch { return "\(error)" }
  }

  /// Of the server: `15.4`.
  public var serverVersion: String {
    PQparameterStatus(handle, "server_version").map { String(cString: $0) } ?? ""
  }

  /// Has the server's process of this connection run on one processor.
  public func serve(on cpu: Int) throws(AffinityRefused) {
    try Affinity.restrict(to: [cpu], process: PQbackendPID(handle))
  }

  /// Runs SQL without parameters, in one round trip; several statements are one transaction.
  @discardableResult
  public func execute(_ sql: String) throws(PostgresError) -> PostgresRows {
    try rows(PQexec(handle, sql), doing: sql)
  }

  /// Parses a statement and keeps it at the server; `$1` is its first parameter.
  public func prepare(_ name: String, _ sql: String) throws(PostgresError) {
    _ = try rows(PQprepare(handle, name, sql, 0, nil), doing: sql)
  }

  /// Runs a statement that was prepared on this connection, in one round trip.
  public func run(_ name: String, _ parameters: [Int]) throws(PostgresError) -> PostgresRows {
    try run(name, texts: parameters.map(String.init))
  }

  /// The same with parameters as the server reads them from text.
  public func run(
    _ name: String, texts: [String]
  ) throws(PostgresError) -> PostgresRows {
    let result = Self.withPointers(texts) {
      PQexecPrepared(handle, name, Int32($0.count), $0, nil, nil, 0)
    }
    return try rows(result, doing: name)
  }

  /// Parses and runs one statement with parameters, in one round trip; `$1` is the first.
  public func execute(
    _ sql: String, texts: [String]
  ) throws(PostgresError) -> PostgresRows {
    let result = Self.withPointers(texts) {
      PQexecParams(handle, sql, Int32($0.count), nil, $0, nil, nil, 0)
    }
    return try rows(result, doing: sql)
  }

  private static func withPointers<Answer>(
    _ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Answer
  ) -> Answer {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) })
  }

  /// Whether the server has ended it, or is gone.
  public var isLost: Bool { PQstatus(handle) != CONNECTION_OK }

  /// Fills a table by COPY: columns are separated by tabs, rows end with a line feed.
  public func copy(into table: String, _ text: String) throws(PostgresError) {
    let sql = "COPY \(table) FROM STDIN"
    PQclear(PQexec(handle, sql))
    var text = text
    let sent = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        PQputCopyData(handle, bytes.baseAddress, Int32(bytes.count)) == 1
          && PQputCopyEnd(handle, nil) == 1
      }
    }
    guard sent else { throw PostgresError(doing: sql, message: lastMessage) }
    while let result = PQgetResult(handle) { _ = try rows(result, doing: sql) }
  }

  private var lastMessage: String { String(cString: PQerrorMessage(handle)) }

  private func rows(_ result: OpaquePointer?, doing: String) throws(PostgresError) -> PostgresRows {
    let status = PQresultStatus(result)
    guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, let result else {
      defer { PQclear(result) }
      throw PostgresError(doing: doing, message: lastMessage)
    }
    return PostgresRows(result)
  }
}

/// What a statement returned, in the program's memory.
public final class PostgresRows {
  private let result: OpaquePointer

  init(_ result: OpaquePointer) { self.result = result }

  deinit { PQclear(result) }

  /// Rows.
  public var count: Int { Int(PQntuples(result)) }

  /// Rows that the statement has changed, where it changes any.
  public var changes: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

  /// A column of a row; both from 0. 0 for NULL and for what is no number.
  public func integer(_ row: Int, _ column: Int) -> Int {
    withBytes(row, column) { bytes in
      var value = 0
      for byte in bytes where byte != 0x2d { value = value &* 10 &+ Int(byte &- 0x30) }
      return bytes.first == 0x2d ? -value : value
    }
  }

  /// The text of a column of a row; both from 0.
  public func withBytes<Answer>(
    _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) -> Answer
  ) -> Answer {
    // SAFETY: libpq gives a pointer to as many bytes as it says, which live as long as the result.
    let start = PQgetvalue(result, Int32(row), Int32(column))
    let count = Int(PQgetlength(result, Int32(row), Int32(column)))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  /// The same as a text.
  public func text(_ row: Int, _ column: Int) -> String {
    withBytes(row, column) { String(decoding: $0, as: UTF8.self) }
  }
}

/// A call of libpq that failed.
public struct PostgresError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `connect`, or the SQL.
  public let doing: String
  /// The server's words, or libpq's.
  public let message: String

  /// `ERROR:  relation "t" does not exist (PostgreSQL), in: SELECT * FROM t`
  public var description: String {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "\(line) (PostgreSQL), in: \(doing)"
  }
}

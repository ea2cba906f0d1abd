import Glibc
import Platform

/// PgBouncer in front of a PostgreSQL server of this process: its clients share a few of the server's
/// connections, each for the time of a transaction.
///
/// PgBouncer refuses root; where this process is root it runs as `nobody`, as the server does.
public final class PgBouncer {
  /// What must be installed.
  public static let package = "pgbouncer"
  /// Clients at most.
  public static let mostClients = 4_000

  private let service: Service
  /// Which must not end before.
  private let server: PostgresServer

  /// Starts it, and waits until it answers.
  /// - Parameter connections: to the server, at most.
  /// - Throws: `ServiceError`, also where PgBouncer is not installed.
  public init(before server: PostgresServer, connections: Int) throws(ServiceError) {
    self.server = server
    let folder = server.folder
    let program = Service.Program(
      "PgBouncer", path: try Service.installed("pgbouncer", of: "PgBouncer"),
      files: { place in
        [
          "pgbouncer.ini": """
          [databases]
          postgres = host=\(folder) dbname=postgres user=perflab
          [pgbouncer]
          listen_addr = 127.0.0.1
          listen_port = \(place.port)
          unix_socket_dir =
          auth_type = any
          pool_mode = transaction
          default_pool_size = \(connections)
          max_client_conn = \(Self.mostClients)
          listen_backlog = 4096

          """
        ]
      },
      arguments: { place in
        (geteuid() == 0 ? ["-u", "nobody"] : []) + ["\(place.folder)/pgbouncer.ini"]
      })
    service = try Service(program) { PostgresConnection.problem(Self.target($0)) }
  }

  /// Another client's connection. Statements that are prepared belong to one connection of the
  /// server, which the next transaction may not get.
  public func connect() throws(PostgresError) -> PostgresConnection {
    try PostgresConnection(Self.target(service.place))
  }

  private static func target(_ place: Service.Place) -> String {
    "host=127.0.0.1 port=\(place.port) user=perflab dbname=postgres connect_timeout=5"
  }
}

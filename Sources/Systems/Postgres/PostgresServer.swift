import Glibc
import Platform

/// A PostgreSQL server of this process alone: a cluster in a scratch folder, a Unix socket, no port.
///
/// PostgreSQL refuses root; where this process is root the server runs as `nobody`. Making a cluster
/// takes a second, so that the workers of a run share one as a template.
///
/// Settings: no JIT compiler, no autovacuum, a log large enough that no checkpoint comes by itself;
/// the rest are PostgreSQL's own, with `fsync` and `synchronous_commit` on.
public final class PostgresServer {
  /// What must be installed.
  public static let package = "postgresql"
  /// Bytes of scratch space: the template and a copy.
  public static let neededBytes = 160 << 20

  private let service: Service

  /// Starts a server with an empty database, and waits until it answers.
  /// - Throws: `ServiceError`, also where PostgreSQL is not installed, `ScratchError`.
  public init() throws {
    guard let postgres = InstalledProgram.path(of: "postgres"),
      let initdb = InstalledProgram.path(of: "initdb")
    else { throw ServiceError.notStarted("PostgreSQL", reason: "it is not installed") }
    let template = try ScratchFolder.shared(15, bytes: Self.neededBytes) { folder in
      try Self.makeCluster(in: folder, initdb)
    }
    let program = Service.Program(
      "PostgreSQL", path: "/bin/sh", quits: true, files: { ["postgresql.conf": Self.settings($0)] },
      arguments: { place in
        ["-c", Self.asOrdinaryUser + Self.start, "sh", place.folder, template, postgres]
      })
    service = try Service(program, within: 20) { PostgresConnection.problem(Self.target($0)) }
  }

  /// Another connection.
  public func connect() throws(PostgresError) -> PostgresConnection {
    try PostgresConnection(Self.target(service.place))
  }

  /// How it ended by itself; nil while it runs.
  public func failure() -> ServiceError? { service.failure() }

  /// The folder of its socket.
  public var folder: String { service.place.folder }

  /// Ends it.
  public func stop() { service.stop() }

  private static func target(_ place: Service.Place) -> String {
    "host=\(place.folder) user=perflab dbname=postgres connect_timeout=5"
  }

  /// `own` gives a folder away, `as` runs a command.
  private static let asOrdinaryUser = """
    set -e
    if [ "$(id -u)" = 0 ]; then
      own() { chown nobody "$@"; }
      as() { exec setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"; }
    else
      own() { :; }
      as() { exec "$@"; }
    fi

    """

  // A server must own its folder, and its folder must be nobody else's.
  private static let start = """
    cp -R "$2/data" "$1/data"
    mv "$1/postgresql.conf" "$1/data/postgresql.conf"
    own -R "$1"
    chmod 700 "$1/data"
    as "$3" -D "$1/data"
    """

  private static let make = """
    own "$1"
    as "$2" -D "$1/data" -U perflab -A trust -N -E UTF8 --locale=C --no-instructions \
      --wal-segsize=1 >"$1/log" 2>&1
    """

  private static func settings(_ place: Service.Place) -> String {
    """
    listen_addresses = ''
    unix_socket_directories = '\(place.folder)'
    jit = off
    autovacuum = off
    max_wal_size = 1GB
    checkpoint_timeout = 1h
    shared_buffers = 64MB
    lc_messages = 'C'

    """
  }

  private static func makeCluster(in folder: String, _ initdb: String) throws {
    let silence = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(silence) }
    let maker = try Spawn.start(
      "/bin/sh", ["-c", asOrdinaryUser + make, "sh", folder, initdb], input: silence,
      output: silence)
    guard Spawn.reap(maker) == 0 else {
      throw ServiceError.ended("initdb", how: "failed", log: Self.text("\(folder)/log"))
    }
  }

  /// The beginning of a file; empty where it can't be read.
  private static func text(_ path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

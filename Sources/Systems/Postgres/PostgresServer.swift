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

  private static let name = "PostgreSQL"

  private let service: Service

  /// Starts a server with an empty database, and waits until it answers.
  /// - Parameters:
  ///   - waitsForStandby: whether a commit is acknowledged only when a standby has it on its disk too
  ///     (`synchronous_standby_names`); without a standby none is.
  ///   - isLasting: whether it serves for hours and not for a measurement: it vacuums, and leaves no
  ///     template for others.
  /// - Throws: `ServiceError`, also where PostgreSQL is not installed, `ScratchError`.
  public init(waitsForStandby: Bool = false, isLasting: Bool = false) throws {
    let initdb = try Service.installed("initdb", of: Self.name)
    let own = isLasting ? try ScratchFolder(bytes: Self.neededBytes) : nil
    if let own { try Self.makeCluster(in: own.path, initdb) }
    defer { withExtendedLifetime(own) {} }
    let template =
      try own?.path
      ?? ScratchFolder.shared(15, bytes: Self.neededBytes) { folder in
        try Self.makeCluster(in: folder, initdb)
      }
    service = try Self.started(
      from: template, by: Self.copy,
      settings: (waitsForStandby ? "synchronous_standby_names = '*'\n" : "")
        + (isLasting ? "autovacuum = on" : "")
    ) { nil }
  }

  /// Starts a standby, and waits until it follows: a copy of the primary's files by `pg_basebackup`,
  /// then its log as it is written (streaming replication), over the primary's socket.
  ///
  /// Until `promote` it takes no writes. The two may end in any order. It looks for a primary that is
  /// gone every 10 ms, not every 5 s: a promotion that is asked for just before it goes to sleep waits
  /// until it wakes up (seen with PostgreSQL 15).
  /// - Throws: `ServiceError`.
  public init(standbyOf primary: PostgresServer) throws(ServiceError) {
    service = try Self.started(
      from: primary.folder, by: Self.backup, settings: "wal_retrieve_retry_interval = 10ms"
    ) { primary.trouble() }
  }

  /// Starts a server on a copy of data.
  /// - Parameters:
  ///   - copy: of the script: makes `$1/data` out of `source`, which is `$2`.
  ///   - check: why it is not ready though it answers; nil where it is.
  private static func started(
    from source: String, by copy: String, settings: String = "", check: () -> String?
  ) throws(ServiceError) -> Service {
    let postgres = try Service.installed("postgres", of: name)
    let program = Service.Program(
      name, path: "/bin/sh", quits: true,
      files: { ["postgresql.conf": Self.settings($0) + settings + "\n"] },
      arguments: { place in
        ["-c", asOrdinaryUser + copy + start, "sh", place.folder, source, postgres]
      })
    return try Service(program, within: 20) { PostgresConnection.problem(target($0)) ?? check() }
  }

  /// Why no standby follows it; nil where one does.
  private func trouble() -> String? {
    do throws(PostgresError) {
      let following = try connect().execute(
        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
      return following.integer(0, 0) > 0 ? nil : "it does not follow its primary"
    } catch { return "\(error)" }
  }

  /// Has a standby take writes in the place of its primary, and returns when it does.
  public func promote() throws(PostgresError) {
    let connection = try connect()
    // By itself the function would look every 100 ms whether it is done.
    try connection.execute("SELECT pg_promote(wait => false)")
    for _ in 0..<40_000 {
      let isStandby = try connection.execute("SELECT pg_is_in_recovery()::int").integer(0, 0) == 1
      guard isStandby else { return }
      usleep(500)
    }
    throw PostgresError(doing: "pg_promote()", message: "it is a standby after 20 s")
  }

  /// Ends all of its processes as `kill -9` does. Its files stay until `stop`.
  public func kill() throws(PostgresError) {
    // The kernel would keep the server's segment of shared memory (System V), which only its user
    // may remove. Now it goes with the last of its processes.
    try connect().execute(
      #"""
      COPY (SELECT WHERE false) TO PROGRAM 'ipcrm -m $(sed -n "7s/.* //p" postmaster.pid)'
      """#)
    service.kill()
  }

  /// Another connection.
  public func connect() throws(PostgresError) -> PostgresConnection {
    try PostgresConnection(target)
  }

  /// What a connection of libpq takes to find it.
  public var target: String { Self.target(service.place) }

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

  private static let copy = """
    cp -R "$2/data" "$1/data"

    """

  // The program of the same version lies beside the server's, which may be named by a link.
  private static let backup = """
    own "$1"
    (as "$(dirname "$(readlink -f "$3")")/pg_basebackup" -h "$2" -U perflab -D "$1/data" -R -N -c fast)

    """

  // A server must own its folder, and its folder must be nobody else's.
  private static let start = """
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

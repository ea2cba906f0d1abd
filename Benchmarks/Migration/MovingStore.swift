import Databases
import Drills
import Glibc
import Harness
import Platform
import Results
import Synchronization
import Systems

/// A database that a thread writes to, and a receiver behind a link that becomes its new home.
final class MovingStore: @unchecked Sendable {
  // SAFETY (@unchecked): the writer has a connection of its own, and shares atomics and the keeper
  // alone with the thread that moves.

  /// Bits per second.
  static let rate = 200e6
  /// Seconds.
  static let roundTrip = 0.01
  /// Of scratch space.
  static let bytes = 64 << 20
  private static let rowBytes = 256

  private(set) var report: [String: Counter] = [:]
  /// Of the rehearsal.
  private var rehearsed: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let database: SQLiteDatabase
  private let rows: Int
  private let cpu: Int
  private var connection: Socket?
  private var listener: Socket?
  private var connect: (() throws -> Socket)?
  private var keeper = TruthKeeper()
  /// Told of each write before it begins, as −(value · `wordBase` + row), and without the sign when
  /// it is acknowledged; nil where nobody listens.
  var say: ((Int) -> Void)?
  static let wordBase = 1 << 20
  private let writes = Atomic(false)
  private var writer: ServerThread?
  private var stopped: UInt64 = 0
  private var down: UInt64 = 0
  private var position = 0
  private var sent = 0

  /// - Parameter isLinked: whether there is another side.
  convenience init(_ point: Point, isLinked: Bool = true) throws {
    let folder = try ScratchFolder(bytes: Self.bytes)
    try self.init(in: folder, bytes: point.value, cpu: point.cpus[0])
    if isLinked { try receive(point) }
  }

  /// Opens the database in a folder, and makes it where it is not there.
  /// - Parameter connect: to the other side.
  init(
    in folder: ScratchFolder, bytes: Int, cpu: Int, connect: (() throws -> Socket)? = nil
  ) throws {
    (self.folder, self.cpu, self.connect) = (folder, cpu, connect)
    rows = bytes / (Self.rowBytes + 24)
    database = try Self.opened(folder.file("source"))
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS rows(id INTEGER PRIMARY KEY, value INTEGER NOT NULL, note BLOB);
      CREATE TABLE IF NOT EXISTS changes(
        number INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER, value INTEGER);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(rows))
        INSERT OR IGNORE INTO rows SELECT i, 0, randomblob(\(Self.rowBytes)) FROM n;
      """)
  }

  deinit {
    if writer != nil { stopWrites() }
    connection?.end()
    listener?.end()
  }

  private func receive(_ point: Point) throws {
    let path = LinkPath(rate: Self.rate, delay: Int(Self.roundTrip * 5e8), queueBytes: 1 << 20)
    let hosts = try LinkedHosts.shared(
      toServer: path, toClient: path, settings: ["net/ipv4/tcp_slow_start_after_idle": "0"],
      seed: point.seed, cpu: point.cpus.last!)
    let listener = try hosts.server.run { try Socket.listening(at: hosts.server.endpoint()) }
    let endpoint = try listener.endpoint()
    let connect = {
      try hosts.client.run { try Socket.connected(to: endpoint, options: [.noDelay(true)]) }
    }
    (self.listener, self.connect) = (listener, connect)
    let receiver = StoreReceiver(file: folder.file("target"))
    try ServerThread(on: cpu) {
      while let client = try? listener.accept() { receiver.serve(client) }
    }
  }

  /// A connection whose window is open.
  private func opened(_ connect: () throws -> Socket) throws -> Socket {
    let client = try connect()
    _ = try ask(.ignored, [UInt8](repeating: 1, count: 512 << 10), on: client)
    return client
  }

  static func opened(_ path: String) throws -> SQLiteDatabase {
    var settings = SQLiteSettings(cacheBytes: 8 << 20, journal: .wal, synchronous: .normal)
    settings.patience = 5
    return try SQLiteDatabase(.file(path), settings)
  }

  /// Of its own rows.
  func values() throws -> [(key: Int, value: UInt64)] {
    try database.rows("SELECT id, value FROM rows")
  }

  // The steps.

  /// The copy knows its own position: the last change that it has.
  func sendSnapshot() throws { position = try ask(.file, try snapshot()) }

  /// What has come since the last position; a change that comes twice does no harm.
  /// - Returns: how many there were.
  func sendChanges() throws -> Int {
    let changes = try database.prepare(
      "SELECT number, id, value FROM changes WHERE number > \(position) ORDER BY number")
    var words: [Int] = []
    while try changes.step() { words += (0..<3).map { changes.integer(Int($0)) } }
    guard !words.isEmpty else { return 0 }
    position = try ask(.changes, words.withUnsafeBytes { Array($0) })
    sent += words.count / 3
    return words.count / 3
  }

  /// No write is under way when it returns.
  func stopWrites() {
    stopped = Clock.now()
    writes.store(false, ordering: .sequentiallyConsistent)
    writer?.join()
    writer = nil
  }

  /// The other side writes its first row.
  func cutOver() throws {
    _ = try ask(.firstRow, [])
    down = Clock.now() - stopped
  }

  /// Moves it while something goes wrong: in every second process the link is cut, in the others a
  /// small database moves that finds one of the other faults. Afterwards the connection's window is
  /// open.
  /// - Parameter name: of the way in which it moves.
  func rehearse(_ point: Point, _ name: String, _ move: @escaping MoveFaults.Move) throws {
    let (turn, rest) = point.turn.quotientAndRemainder(dividingBy: 2)
    if rest == 0 {
      try rehearseCut(point, move)
    } else {
      let wrong = try Self.faults("\(name) \(turn) \(point.seed)") { [cpu] in
        var faults = MoveFaults(point.seed, cpu: cpu, move)
        return try faults.found(turn)
      }
      rehearsed = ["rows wrong after kill -9 or a full disk": wrong]
    }
    connection?.end()
    connection = try connect.map(opened)
  }

  private static let faults = OncePerProcess<Counter>()

  /// At a random moment of the copy.
  private func rehearseCut(_ point: Point, _ move: MoveFaults.Move) throws {
    var random = point.generator()
    let copy = Double(point.value) * 8 / Self.rate
    let moment = 0.005 + Double.random(in: 0..<copy, using: &random)
    let link = try connect?()
    connection = link
    let cutter = try ServerThread(on: cpu, isJoined: true) {
      usleep(UInt32(moment * 1e6))
      link?.end()
    }
    _ = moved(by: move)
    cutter.join()
    rehearsed = [
      "time down, link cut once": report["time down"] ?? .count(0),
      "rows wrong after a cut link": report["rows wrong afterwards"] ?? .count(0),
    ]
  }

  /// - Returns: 1 where the new store has all acknowledged changes and what the old one has.
  func moved(by move: (MovingStore) throws -> Void) -> UInt64 {
    orEnd { try wrong(after: move) == 0 ? 1 : 0 }
  }

  /// - Returns: rows of the new store that are not as acknowledged.
  func wrong(after move: (MovingStore) throws -> Void) throws -> Int {
    try database.execute("DELETE FROM changes")
    (keeper, sent) = (TruthKeeper(), 0)
    for row in try values() { keeper.acknowledge(row.key, row.value) }
    let start = Clock.now()
    try startWriting()
    usleep(5_000)
    try move(self)
    let time = Clock.now() - start
    let target = try Self.opened(folder.file("target"))
    let found = keeper.judge(try target.rows("SELECT id, value FROM rows WHERE id > 0"))
    report = [
      "time down": Counter(Double(down), unit: .nanoseconds),
      "time of the whole drill": Counter(Double(time), unit: .nanoseconds),
      "changes sent after the copy": .count(Double(sent)),
      "rows wrong afterwards": .count(Double(found.wrong)),
    ].merging(rehearsed) { first, _ in first }
    return found.wrong
  }

  private func startWriting() throws {
    writes.store(true, ordering: .sequentiallyConsistent)
    let (path, rows, keeper) = (folder.file("source"), rows, keeper)
    writer = try ServerThread(on: cpu, isJoined: true) { [self] in
      orEnd {
        let database = try Self.opened(path)
        let row = try database.prepare("UPDATE rows SET value = ? WHERE id = ?")
        let change = try database.prepare("INSERT INTO changes(value, id) VALUES (?, ?)")
        var number = Int(Clock.now() % 1_000_000)
        while writes.load(ordering: .sequentiallyConsistent) {
          number += 1
          let id = 1 + number * 389 % rows
          keeper.intend(id, mixed(UInt64(number)))
          say?(-(number * Self.wordBase + id))
          try database.transaction {
            for statement in [row, change] {
              try statement.bind(number, at: 1)
              try statement.bind(id, at: 2)
              try statement.run()
            }
          }
          keeper.acknowledge(id, mixed(UInt64(number)))
          say?(number * Self.wordBase + id)
          usleep(1_000)
        }
      }
    }
  }

  private func snapshot() throws -> [UInt8] {
    let path = folder.file("snapshot")
    unlink(path)
    try database.execute("VACUUM INTO '\(path)'")
    return try StoreReceiver.contents(of: path)
  }

  /// A message whose connection ends is sent again: each of them may come twice.
  private func ask(_ kind: StoreReceiver.Kind, _ body: [UInt8]) throws -> Int {
    guard let connect else { return 0 }
    for _ in 0..<Self.tries {
      do {
        let socket = try connection ?? connect()
        connection = socket
        return try ask(kind, body, on: socket)
      } catch is SystemError {
        connection = nil
        usleep(1_000)
      }
    }
    throw SystemError(call: "the other side", errno: ETIMEDOUT)
  }

  /// With a millisecond between two of them.
  private static let tries = 1_000

  private func ask(
    _ kind: StoreReceiver.Kind, _ body: [UInt8], on socket: Socket
  ) throws -> Int {
    let head = [kind.rawValue, body.count]
    try (head.withUnsafeBytes { Array($0) } + body).withUnsafeBytes { try socket.send($0) }
    var answer = 0
    let isWhole = try withUnsafeMutableBytes(of: &answer) { try socket.receiveAll($0) }
    guard isWhole else { throw SystemError(call: "the other side", errno: ECONNRESET) }
    return answer
  }

  // By themselves.

  func snapshotTime() throws -> Double {
    let start = Clock.now()
    _ = try snapshot()
    return Double(Clock.now() - start)
  }

  /// Nanoseconds of writing the copy, opening it and reading its position.
  func openingTime() throws -> Double {
    let body = try snapshot()
    let start = Clock.now()
    _ = try StoreReceiver.opened(body, at: folder.file("target"))
    return Double(Clock.now() - start)
  }
}

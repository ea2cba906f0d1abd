import Databases
import Drills
import Glibc
import Harness
import Platform
import Results
import Statistics
import Synchronization
import Systems

/// What happens to a small database that moves over the loopback interface while one side is killed,
/// or while the new side has no room.
struct MoveFaults {
  /// What goes wrong, and where.
  enum Fault: CaseIterable { case killedSource, killedTarget, fullTarget }

  private static let bytes = 64 << 10
  /// Messages that find the disk full.
  private static let refused = 3

  typealias Move = @Sendable (MovingStore) throws -> Void

  private let cpu: Int
  private let move: Move
  private var random: SeededGenerator

  init(_ seed: UInt64, cpu: Int, _ move: @escaping Move) {
    random = SeededGenerator(seed: seed, stream: 0xC0B1)
    (self.cpu, self.move) = (cpu, move)
  }

  /// - Parameter turn: which of the faults, in turn.
  /// - Returns: rows that are wrong after it, or why it can't be had here.
  mutating func found(_ turn: Int) throws -> Counter {
    let fault = Fault.allCases[turn % Fault.allCases.count]
    do { return .count(Double(try wrong(after: fault))) } catch let error as SystemError {
      return Counter(unavailable: "\(error)")
    }
  }

  /// - Returns: acknowledged rows that the new store lacks or has otherwise.
  mutating func wrong(after fault: Fault) throws -> Int {
    let folder = try ScratchFolder(bytes: MovingStore.bytes)
    switch fault {
    case .killedSource: return try afterKilledSource(folder)
    case .killedTarget: return try afterKilledTarget(folder)
    case .fullTarget: return try afterFullTarget(folder)
    }
  }

  private func store(_ folder: ScratchFolder, to endpoint: Endpoint) throws -> MovingStore {
    try MovingStore(in: folder, bytes: Self.bytes, cpu: cpu) {
      try Socket.connected(to: endpoint, options: [.noDelay(true)])
    }
  }

  /// The process that writes and sends is killed at a random write; another one begins again.
  private mutating func afterKilledSource(_ folder: ScratchFolder) throws -> Int {
    let listener = try Socket.listening()
    let endpoint = try listener.endpoint()
    let receiver = StoreReceiver(file: folder.file("target"))
    let server = try ServerThread(on: cpu, isJoined: true) {
      while let client = try? listener.accept() { receiver.serve(client) }
    }
    defer {
      listener.end()
      server.join()
    }
    // All rows begin with 0.
    let keeper = TruthKeeper()
    for row in try store(folder, to: endpoint).values() { keeper.acknowledge(row.key, row.value) }
    let copy = try ProcessCopy(seconds: 5, keepsFiles: true) { say in
      try withoutActuallyEscaping(say) { say in
        let store = try store(folder, to: endpoint)
        store.say = say
        defer { store.say = nil }
        _ = store.moved(by: move)
      }
    }
    let moment = Int.random(in: 1...16, using: &random)
    var words = 0
    while let word = try? copy.word() {
      words += 1
      let (value, row) = abs(word).quotientAndRemainder(dividingBy: MovingStore.wordBase)
      let digest = mixed(UInt64(value))
      if word < 0 { keeper.intend(row, digest) } else { keeper.acknowledge(row, digest) }
      if words == moment { copy.kill() }
    }
    let next = try store(folder, to: endpoint)
    let lost = keeper.judge(try next.values()).wrong
    return try lost + next.wrong(after: move)
  }

  /// The process that receives is killed at a random moment; another one finds its files.
  private mutating func afterKilledTarget(_ folder: ScratchFolder) throws -> Int {
    let file = folder.file("target")
    // Both begin before there are threads that could hold a lock.
    let sides = try (0..<2).map { _ in
      let listener = try Socket.listening()
      let copy = try ProcessCopy(seconds: 5, keepsFiles: true) { _ in
        let receiver = StoreReceiver(file: file)
        while let client = try? listener.accept() { receiver.serve(client) }
      }
      // Only the copy listens from here on, so that connections to a dead one end.
      return (endpoint: try listener.endpoint(), copy: copy)
    }
    defer { for side in sides { side.copy.kill() } }
    let endpoints = sides.map(\.endpoint)
    let isDead = Atomic(false)
    let store = try MovingStore(in: folder, bytes: Self.bytes, cpu: cpu) {
      let endpoint = endpoints[isDead.load(ordering: .acquiring) ? 1 : 0]
      return try Socket.connected(to: endpoint, options: [.noDelay(true)])
    }
    let moment = UInt32.random(in: 5_000...12_000, using: &random)
    let found = Mutex(Result<Int, any Error>.success(0))
    let move = move
    let mover = try ServerThread(on: cpu, isJoined: true) {
      let wrong = Result { try store.wrong(after: move) }
      found.withLock { $0 = wrong }
    }
    usleep(moment)
    sides[0].copy.kill()
    isDead.store(true, ordering: .releasing)
    mover.join()
    return try found.withLock { $0 }.get()
  }

  /// The new side's disk has no room when a message comes. What it has is copied after each message
  /// to where this process can read it.
  private mutating func afterFullTarget(_ folder: ScratchFolder) throws -> Int {
    let (mounted, copied) = (folder.file("disk"), folder.file("target"))
    mkdir(mounted, 0o755)
    let moment = Int.random(in: 0...2, using: &random)
    var listener: Socket? = try Socket.listening()
    let endpoint = try listener!.endpoint()
    let copy = try ProcessCopy(seconds: 5, keepsFiles: true) { say in
      let disk = try SmallDisk(at: mounted, bytes: 4 << 20)
      say(0)
      var messages = 0
      let receiver = StoreReceiver(
        file: "\(mounted)/target",
        before: {
          if messages == moment { try disk.fill() }
          if messages == moment + Self.refused { disk.makeRoom() }
          messages += 1
        },
        after: {
          unlink(copied)
          try MovingStore.opened("\(mounted)/target").execute("VACUUM INTO '\(copied)'")
        })
      while let client = try? listener?.accept() { receiver.serve(client) }
    }
    defer { copy.kill() }
    listener = nil
    _ = try copy.word()
    return try store(folder, to: endpoint).wrong(after: move)
  }
}

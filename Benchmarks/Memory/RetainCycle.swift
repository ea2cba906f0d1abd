import Harness
import Results

extension Experiment {
  /// Sessions and handlers that keep each other, and handlers that do not keep their session.
  static let leak = Experiment(
    id: "memory/leak",
    title: "A back reference: strong → weak or unowned",
    slot: "performance/memory/detection",
    claim: """
      Objects that hold each other by strong references are never freed, and live memory grows \
      with every operation for as long as the program runs; with a weak or unowned back reference \
      it stays at what is in use.
      """,
    mechanism: """
      A reference count tells that nobody refers to an object, not that nobody can reach it. When \
      the service drops a session, the handler's strong reference still counts: the session is \
      never ended, so neither is the handler that only the session refers to. `unowned` does not \
      count as an owner; `weak` does not either and reads as nil afterwards, for which the \
      runtime keeps a side table for each object so referred to. How the leak was found: every \
      session and handler registers at its making and leaves at its end, so that what is still \
      registered when only the service's sessions should be is what leaked, by type; and live \
      bytes that grow in proportion to the operations tell a leak from a cache.
      """,
    limits: """
      An unowned reference that is read after its object's end is a crash, so it needs an owner \
      that certainly lives longer; weak costs an optional and a slower read. Growth by itself is \
      no leak: caches, pools and fragmentation grow too, and then stop. Side tables of weak \
      references are not counted in the bytes here, only objects are.
      """,
    diagram: """
      flowchart LR
        subgraph before["strong: {strong}"]
          direction LR
          s1["session"] -- strong --> h1["handler"]
          h1 -- strong --> s1
        end
        middle["weak: {weak}"]
        subgraph after["unowned: {unowned}"]
          direction LR
          s2["session"] -- strong --> h2["handler"]
          h2 -. unowned .-> s2
        end
        before -- "{speedup} less after {point} operations" --> after
      """,
    sweep: .count("operations", [256, 1_024, 8_192], smoke: 128),
    metric: .reported("live bytes", unit: .bytes, lowerIsBetter: true),
    signals: ["live bytes per operation", "live Session", "live Handler"],
    work: { Work(elements: Double($0)) },
    variants: [
      Variant(
        "strong", shows: ["StrongHandler"], prepare: { Service($0, StrongHandler.init) },
        report: { $0.report() }, run: serve),
      Variant(
        "weak", shows: ["WeakHandler"], prepare: { Service($0, WeakHandler.init) },
        report: { $0.report() }, run: serve),
      Variant(
        "unowned", shows: ["UnownedHandler", "Session", "serve"],
        prepare: { Service($0, UnownedHandler.init) }, report: { $0.report() }, run: serve),
    ],
    predict: { question in
      let operations = Double(question.value)
      // A weak reference takes as many bytes in its holder as an unowned or a strong one.
      return Prediction(
        speedup: operations / Double(kept),
        because: """
          \(operations.brief) sessions are made and \(kept) are in use at the end: with the \
          cycle all of them are still there.
          """)
    })
}

/// Sessions that the service has at a time.
private let kept = 64

/// Which objects are there. An object keeps its place in it, so that it can leave.
private final class Register: @unchecked Sendable {
  var sessions: [Unmanaged<Session>] = []
  var handlers = 0
}

private final class Session {
  let number: Int
  var handler: Handler?
  private let register: Register
  private var place: Int

  init(number: Int, register: Register) {
    self.number = number
    self.register = register
    place = register.sessions.count
    register.sessions.append(.passUnretained(self))
  }

  deinit {
    let last = register.sessions.removeLast()
    // SAFETY: registered, hence alive; it may be this object, which then has left already.
    if place < register.sessions.count {
      register.sessions[place] = last
      last._withUnsafeGuaranteedRef { $0.place = place }
    }
  }
}

private class Handler {
  private let register: Register
  init(register: Register) {
    self.register = register
    register.handlers += 1
  }
  deinit { register.handlers -= 1 }
  var sessionNumber: Int { 0 }
}

private final class StrongHandler: Handler {
  let session: Session
  init(_ session: Session, _ register: Register) {
    self.session = session
    super.init(register: register)
  }
  override var sessionNumber: Int { session.number }
}

private final class WeakHandler: Handler {
  weak var session: Session?
  init(_ session: Session, _ register: Register) {
    self.session = session
    super.init(register: register)
  }
  override var sessionNumber: Int { session?.number ?? 0 }
}

private final class UnownedHandler: Handler {
  unowned let session: Session
  init(_ session: Session, _ register: Register) {
    self.session = session
    super.init(register: register)
  }
  override var sessionNumber: Int { session.number }
}

/// Keeps the newest sessions.
private final class Service: @unchecked Sendable {
  let operations: Int
  let register = Register()
  let makeHandler: (Session, Register) -> Handler
  var sessions: [Session?] = Array(repeating: nil, count: kept)

  init(_ point: Point, _ makeHandler: @escaping (Session, Register) -> Handler) {
    operations = point.value
    self.makeHandler = makeHandler
  }

  deinit { endAll() }

  /// Ends what a call left, also what leaked, so that memory stays bounded over all samples.
  func endAll() {
    for index in sessions.indices { sessions[index] = nil }
    // SAFETY: registered sessions are alive; each is kept while its cycle is opened.
    while let session = register.sessions.last?.takeUnretainedValue() { session.handler = nil }
  }

  /// What is there after the last call.
  func report() -> [String: Counter] {
    var bytes = 0
    for session in register.sessions {
      bytes += ProcessHeap.allocatedBytes(of: session.toOpaque()) ?? 0
      let handler = session._withUnsafeGuaranteedRef { $0.handler }
      if let handler {
        let address = Unmanaged.passUnretained(handler).toOpaque()
        bytes += ProcessHeap.allocatedBytes(of: address) ?? 0
      }
    }
    let growth = Double(bytes) * (1 - Double(kept) / Double(max(kept, register.sessions.count)))
    return [
      "live bytes": Counter(Double(bytes), unit: .bytes),
      "live bytes per operation": Counter(growth / Double(operations), unit: .bytes),
      "live Session": Counter(Double(register.sessions.count), unit: .count),
      "live Handler": Counter(Double(register.handlers), unit: .count),
    ]
  }
}

/// Each operation opens a session in the place of the oldest one.
@inline(never)
private func serve(_ service: Service) -> Int {
  service.endAll()
  var sum = 0
  for number in 0..<service.operations {
    let session = Session(number: number, register: service.register)
    let handler = service.makeHandler(session, service.register)
    session.handler = handler
    sum &+= handler.sessionNumber
    service.sessions[number % kept] = session
  }
  return sum
}

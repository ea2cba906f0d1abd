import Harness
import Results

extension Experiment {
  /// Sessions and handlers that keep each other alive, and handlers that don't own their session.
  static let leak = Experiment(
    id: "memory/leak",
    title: "A back reference: strong → weak or unowned",
    slot: "performance/memory/detection",
    claim: """
      Objects that hold each other by strong references are never freed, so that live memory grows \
      with every operation; with a weak or unowned back reference it stays at what is in use, as \
      long as something else owns the object.
      """,
    mechanism: """
      A reference count shows that nobody refers to an object, not that nobody can reach it. When \
      the service drops a session, the strong reference of its handler still counts: neither is \
      freed. `unowned` does not count as an owner. Neither does `weak`, which reads as nil \
      afterwards; for that the runtime allocates a side table per referenced object. Here each \
      session and handler registers when it is made and unregisters when it is freed. Objects \
      registered beyond the sessions in use have leaked. Live bytes that grow in proportion to the \
      operations distinguish a leak from a cache.
      """,
    limits: """
      Reading an unowned reference after its object was freed crashes the program, so the object \
      must outlive the reference. A weak reference costs an optional and a slower read. Growth \
      alone is no leak: caches, pools and fragmentation grow too, and then stop. The bytes here \
      are those of the objects, without side tables of weak references.
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
    tolerates: countTolerates,
    work: { Work(elements: Double($0)) },
    variants: [
      Variant(
        "strong", shows: ["StrongHandler"], prepare: { SessionService($0, StrongHandler.init) },
        report: { $0.report() }, run: serve),
      Variant(
        "weak", shows: ["WeakHandler"], prepare: { SessionService($0, WeakHandler.init) },
        report: { $0.report() }, run: serve),
      Variant(
        "unowned", shows: ["UnownedHandler", "serve"],
        prepare: { SessionService($0, UnownedHandler.init) }, report: { $0.report() }, run: serve),
    ],
    model: { question in
      // With the cycle, all sessions that were ever made are still there. Weak, unowned and strong
      // references take the same space in the handler.
      let count = Double(question.isBaseline ? question.value : SessionService.kept)
      // The usable sizes of glibc's blocks for objects of 48 and 32 bytes.
      let (session, handler) = (Size.exactly(56), Size.exactly(40))
      return Model(
        (count * session).named("sessions") + (count * handler).named("handlers"), per: .metric)
    })
}

private final class StrongHandler: RegisteredHandler {
  let session: RegisteredSession
  init(_ session: RegisteredSession, _ register: SessionRegister) {
    self.session = session
    super.init(register: register)
  }
  override var sessionNumber: Int { session.number }
}

private final class WeakHandler: RegisteredHandler {
  weak var session: RegisteredSession?
  init(_ session: RegisteredSession, _ register: SessionRegister) {
    self.session = session
    super.init(register: register)
  }
  override var sessionNumber: Int { session?.number ?? 0 }
}

private final class UnownedHandler: RegisteredHandler {
  unowned let session: RegisteredSession
  init(_ session: RegisteredSession, _ register: SessionRegister) {
    self.session = session
    super.init(register: register)
  }
  override var sessionNumber: Int { session.number }
}

/// Each operation opens a session, which replaces the oldest one.
@inline(never)
private func serve(_ service: SessionService) -> Int {
  service.endAll()
  var sum = 0
  for number in 0..<service.operations {
    let session = RegisteredSession(number: number, register: service.register)
    let handler = service.makeHandler(session, service.register)
    session.handler = handler
    sum &+= handler.sessionNumber
    service.sessions[number % SessionService.kept] = session
  }
  return sum
}

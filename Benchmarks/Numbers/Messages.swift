import Glibc
import Harness
import Results

/// One byte to another thread and one back: through pipes, and through TCP on the loopback.
enum Messages {
  static let probes = [
    probe("pipe.round.trip", "Pipe, to another core and back", needs: [.cores(2)]) { point in
      .team(try point.team(2))
    } channel: {
      try Channel.pipes()
    },
    probe("pipe.round.trip.local", "Pipe, round trip on one core", needs: []) { _ in
      .sameProcessor
    } channel: {
      try Channel.pipes()
    },
    probe("tcp.round.trip", "TCP on the loopback, to another core and back", needs: [.cores(2)]) {
      point in
      .team(try point.team(2))
    } channel: {
      try Channel.loopback()
    },
    probe("tcp.round.trip.local", "TCP on the loopback, round trip on one core", needs: []) { _ in
      .sameProcessor
    } channel: {
      try Channel.loopback()
    },
  ]

  private static func probe(
    _ name: String, _ title: String, needs: [Requirement],
    partner: @escaping @Sendable (Point) throws -> Dialogue<Channel>.Partner,
    channel: @escaping @Sendable () throws -> Channel
  ) -> Probe {
    Probe(
      name, group: "Operating system", title: title,
      method: "two threads, each writing and reading one byte with blocking calls",
      needs: needs, value: 64, smoke: 4, startsThreads: true, reading: { .operations(Double($0)) },
      variant: Variant(
        name, shows: [],
        prepare: { point in
          try Dialogue(channel(), partner: partner(point), rounds: point.value)
        },
        run: { dialogue in dialogue.play() }))
  }
}

/// Descriptors of both sides; all are closed with it.
final class Channel: Conversation {
  let askReads, askWrites, answerReads, answerWrites: Int32

  private init(askReads: Int32, askWrites: Int32, answerReads: Int32, answerWrites: Int32) {
    self.askReads = askReads
    self.askWrites = askWrites
    self.answerReads = answerReads
    self.answerWrites = answerWrites
  }

  deinit {
    for descriptor in Set([askReads, askWrites, answerReads, answerWrites]) { close(descriptor) }
  }

  static func pipes() throws(ProbeUnavailable) -> Channel {
    var there: [Int32] = [0, 0]
    var back: [Int32] = [0, 0]
    guard pipe(&there) == 0, pipe(&back) == 0 else {
      throw ProbeUnavailable("the pipe could not be created (errno \(errno))")
    }
    return Channel(
      askReads: back[0], askWrites: there[1], answerReads: there[0], answerWrites: back[1])
  }

  /// A connection to a free port of 127.0.0.1, without Nagle's delay.
  static func loopback() throws(ProbeUnavailable) -> Channel {
    let stream = Int32(SOCK_STREAM.rawValue)
    let listener = socket(AF_INET, stream, 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let caller = socket(AF_INET, stream, 0)
    let ready = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 1) == 0
          && getsockname(listener, address, &length) == 0 && connect(caller, address, length) == 0
      }
    }
    guard ready, case let called = accept(listener, nil, nil), called >= 0 else {
      close(caller)
      throw ProbeUnavailable("no connection over the loopback (errno \(errno))")
    }
    var on: Int32 = 1
    for descriptor in [caller, called] {
      setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    return Channel(askReads: caller, askWrites: caller, answerReads: called, answerWrites: called)
  }

  /// Sends one byte and waits for the answer, so many times.
  func ask(_ rounds: Int) {
    var byte: UInt8 = 1
    for _ in 0..<rounds {
      guard write(askWrites, &byte, 1) == 1, read(askReads, &byte, 1) == 1 else { return }
    }
  }

  /// Answers each byte; returns early when the byte is 0.
  func answer(_ rounds: Int) {
    var byte: UInt8 = 1
    for _ in 0..<rounds {
      guard read(answerReads, &byte, 1) == 1, byte != 0 else { return }
      guard write(answerWrites, &byte, 1) == 1 else { return }
    }
  }

  func sayStop() {
    var byte: UInt8 = 0
    _ = write(askWrites, &byte, 1)
  }
}

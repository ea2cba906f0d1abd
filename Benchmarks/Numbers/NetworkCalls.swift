import CPerflab
import Glibc
import Harness
import Results

/// Sends over the loopback, and the timer of delayed acknowledgements.
enum NetworkCalls {
  private static let group = "Network"
  private static let smallBytes = 64
  private static let largeBytes = 64 << 10

  static let probes = [
    stream(
      "tcp.send", "TCP: a send of 64 B", bytes: smallBytes, count: 4_096, smoke: 64,
      reading: { .operations(Double($0)) }),
    stream(
      "tcp.stream", "TCP: large sends", bytes: largeBytes, count: 128, smoke: 4,
      unit: .bytesPerSecond, reading: { .rate(Double($0 * largeBytes)) }),
    repeated(
      "tcp.delayed.ack", group: group, title: "TCP: delayed acknowledgement",
      method: "time until the kernel acknowledges a byte that nobody responds to, on a connection "
        + "that has carried requests and responses; looked at every 50 µs", count: 1, smoke: 1,
      prepare: { _ in try Interactive() },
      run: { connection, count in
        for _ in 0..<count { connection.awaitAcknowledgement() }
        return count
      }),
    Probe(
      "tcp.round.trip.rested", group: group, title: "TCP: the second round trip after a pause",
      method: "one byte to a thread on another core and one back, after both have slept for 5 ms "
        + "and done the same once",
      needs: [.cores(2)], value: 8, smoke: 1, startsThreads: true,
      reading: { _ in .reported("round trip") },
      variant: Variant(
        "tcp.round.trip.rested", shows: [],
        prepare: { try RestedDialogue(Channel.loopback(), $0.team(2), rounds: $0.value) },
        report: { ["round trip": Counter($0.nanoseconds, unit: .nanoseconds)] },
        run: { $0.play() })),
    repeated(
      "tcp.connection", group: group, title: "TCP: a connection",
      method: "connect, accept, 8 B, and close of both ends, on one thread over the loopback",
      count: 8, smoke: 1, prepare: { _ in try Listener() },
      run: { listener, count in
        for _ in 0..<count { listener.connect() }
        return count
      }),
    repeated(
      "udp.datagram", group: group, title: "UDP: a datagram, sent and received",
      method: "a thread sends 32 datagrams of 1 B to itself over the loopback, then receives them",
      count: 256, smoke: 32, prepare: { _ in try Datagrams() },
      run: { datagrams, count in
        for _ in 0..<count / 32 { datagrams.pass(32) }
        return count
      }),
    repeated(
      "udp.piece", group: group, title: "UDP: a piece of two datagrams, with offload",
      method: "a thread sends 2 datagrams of 1 B to itself over the loopback as one piece "
        + "(UDP_SEGMENT), and receives them joined (UDP_GRO); 8 pieces at a time",
      count: 64, smoke: 8, prepare: { _ in try Datagrams(joined: true) },
      run: { datagrams, count in
        for _ in 0..<count / 8 { datagrams.passPieces(8) }
        return count
      }),
  ]

  private static func stream(
    _ name: String, _ title: String, bytes: Int, count: Int, smoke: Int,
    unit: Unit = .nanoseconds, reading: @escaping @Sendable (_ value: Int) -> Probe.Reading
  ) -> Probe {
    Probe(
      name, group: group, title: title, unit: unit,
      method: "sends of \(bytes) B in a row over the loopback without Nagle's algorithm, until a "
        + "thread on the same core has received all", value: count, smoke: smoke,
      startsThreads: true, reading: reading,
      variant: Variant(
        name, shows: [], prepare: { try Stream(count: $0.value, bytes: bytes) },
        run: { $0.pass() }))
  }

  /// A connection, and a thread that receives so many bytes and answers with one.
  private final class Stream {
    private let channel: Channel
    private let count, bytes: Int
    private let sent = UnsafeMutableRawPointer.allocate(byteCount: largeBytes, alignment: 4_096)

    init(count: Int, bytes: Int) throws {
      (channel, self.count, self.bytes) = (try Channel.loopback(), count, bytes)
      memset(sent, 1, largeBytes)
      let receiver = Receiver(channel, total: count * bytes)
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(receiver)
      let error = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Receiver>.fromOpaque(argument!).takeRetainedValue().run()
          return nil
        }, argument.toOpaque())
      guard error == 0 else {
        argument.release()
        throw ProbeUnavailable("the thread could not be created (errno \(error))")
      }
      pthread_detach(thread)
    }

    deinit {
      shutdown(channel.askWrites, Int32(SHUT_RDWR))
      sent.deallocate()
    }

    func pass() -> Int {
      for _ in 0..<count { _ = send(channel.askWrites, sent, bytes, 0) }
      return recv(channel.askReads, sent, 1, 0)
    }
  }

  private final class Receiver {
    private let channel: Channel
    private let total: Int

    init(_ channel: Channel, total: Int) { (self.channel, self.total) = (channel, total) }

    func run() {
      let received = UnsafeMutableRawPointer.allocate(byteCount: largeBytes, alignment: 4_096)
      defer { received.deallocate() }
      while true {
        var missing = total
        while missing > 0 {
          let more = recv(channel.answerReads, received, largeBytes, 0)
          if more <= 0 { return }
          missing -= more
        }
        _ = send(channel.answerWrites, received, 1, 0)
      }
    }
  }

  /// A connection that the kernel takes for an interactive one, so that it delays acknowledgements.
  private final class Interactive {
    private let channel: Channel
    private var byte: UInt8 = 1

    init() throws {
      channel = try Channel.loopback()
      for _ in 0..<64 { respond() }
    }

    /// A byte there and one back.
    private func respond() {
      _ = write(channel.askWrites, &byte, 1)
      _ = read(channel.answerReads, &byte, 1)
      _ = write(channel.answerWrites, &byte, 1)
      _ = read(channel.askReads, &byte, 1)
    }

    func awaitAcknowledgement() {
      _ = write(channel.askWrites, &byte, 1)
      var unacknowledged: Int32 = 1
      while unacknowledged > 0 {
        usleep(50)
        guard ioctl(channel.askWrites, UInt(TIOCOUTQ), &unacknowledged) == 0 else { return }
      }
      _ = read(channel.answerReads, &byte, 1)
      // Its response makes the connection interactive again.
      _ = write(channel.answerWrites, &byte, 1)
      _ = read(channel.askReads, &byte, 1)
      respond()
    }
  }

  /// Accepts its own connections.
  private final class Listener {
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    private var address: sockaddr_in

    init() throws(ProbeUnavailable) {
      let bound = boundToLoopback(descriptor)
      guard let bound, listen(descriptor, 1) == 0 else {
        throw ProbeUnavailable("no TCP over the loopback (errno \(errno))")
      }
      address = bound
    }

    deinit { close(descriptor) }

    func connect() {
      let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      // A reset at the end, so that no port stays in TIME_WAIT.
      var end = linger(l_onoff: 1, l_linger: 0)
      setsockopt(caller, SOL_SOCKET, SO_LINGER, &end, socklen_t(MemoryLayout<linger>.size))
      let length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(caller, $0, length) == 0
        }
      }
      var word: UInt64 = 1
      precondition(connected, "a connection over the loopback")
      let called = accept(descriptor, nil, nil)
      _ = send(caller, &word, 8, 0)
      precondition(recv(called, &word, 8, 0) == 8, "8 B over a new connection")
      close(called)
      close(caller)
    }
  }

  /// A UDP socket that is connected to itself.
  private final class Datagrams {
    private let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    private var byte: UInt8 = 1
    private var piece: (UInt8, UInt8) = (1, 2)

    init(joined: Bool = false) throws(ProbeUnavailable) {
      if joined && perflab_join_datagrams(descriptor) != 0 {
        throw ProbeUnavailable("the kernel does not join datagrams (errno \(errno))")
      }
      var address = boundToLoopback(descriptor) ?? sockaddr_in()
      let ready = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard ready else { throw ProbeUnavailable("no UDP over the loopback (errno \(errno))") }
    }

    deinit { close(descriptor) }

    func pass(_ count: Int) {
      for _ in 0..<count { _ = send(descriptor, &byte, 1, 0) }
      for _ in 0..<count { precondition(recv(descriptor, &byte, 1, 0) == 1, "a datagram") }
    }

    func passPieces(_ count: Int) {
      var segment: Int32 = 0
      for _ in 0..<count { _ = perflab_send_segments(descriptor, &piece, 1, 2) }
      for _ in 0..<count { _ = perflab_receive_segments(descriptor, &piece, 2, &segment) }
    }
  }
}

/// Binds a socket to a free port of 127.0.0.1; nil where the kernel refuses.
private func boundToLoopback(_ descriptor: Int32) -> sockaddr_in? {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
    }
  }
  return bound ? address : nil
}

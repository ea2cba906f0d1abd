import Harness
import Results
import Systems

extension Experiment {
  /// Requests on many connections, served by threads of their own or by one event loop.
  static let eventLoop = Experiment(
    id: "network/event-loop",
    title: "Many connections: a thread per connection → an event loop",
    slot: "performance/network/connections",
    claim: """
      With short requests on many connections an event loop serves more requests per second than a \
      thread per connection, and takes a part of the memory; what the loop saves is the context \
      switches per request, of which SwiftNIO's channels give a part back.
      """,
    mechanism: """
      A thread per connection sleeps in `recv`: each request wakes it, the scheduler switches to \
      it, and it sleeps again. An event loop asks the kernel once which connections are ready \
      (`epoll_wait`) and serves all of them without a switch. On io_uring one system call submits all \
      responses and waits for the next requests, which are received by then. A thread also has a \
      stack, of which some pages are used, and 16 KiB in the kernel, which *resident bytes* do not \
      count. The client is one thread on the server's processor, so that the time is that of both \
      sides: it sends a request of 64 bytes on each of up to 64 connections, then receives the \
      responses, and goes on to the next connections.
      """,
    limits: """
      One event loop uses one processor, and a handler that blocks stops all of its connections; \
      threads use all processors and may block. Where a request needs 100 µs of work, the switch \
      disappears in it. Requests that arrive one at a time find the loop asleep: it must be woken \
      for each, as a thread must.
      """,
    diagram: """
      flowchart LR
        subgraph before["a thread each: {a thread each}"]
          direction LR
          c0["{point} connections"] -- "wake-up and switch per request" --> t0["{point} threads"]
        end
        nio["SwiftNIO: {SwiftNIO}, io_uring: {io_uring}"]
        subgraph after["event loop: {epoll}"]
          direction LR
          c1["{point} connections"] -- "one epoll_wait for many" --> t1["one thread"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "connections", [16, 512], smoke: 16,
      // Both ends of the connections of five servers, and what the process has anyway.
      needs: { [.descriptors(10 * $0 + 64)] }),
    signals: ["resident bytes per connection", "voluntary switches"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(requests), each: "request") },
    variants: [
      variant("a thread each") { _ in try ThreadServer() },
      variant("SwiftNIO") { try NIOServer(on: $0.cpus[0]) },
      variant("io_uring", needs: [.ring]) { try RingServer(on: $0.cpus[0]) },
      variant("epoll") { try EpollServer(on: $0.cpus[0]) },
    ],
    noYardstick: "The plain epoll loop is the limit of SwiftNIO's, and the candidate itself.",
    headline: DeclaredHeadline(value: 512, variant: "epoll"),
    model: { question throws(MissingNumber) in
      // SwiftNIO's own work is no number of the machine, nor is that of a ring.
      if question.variant == "SwiftNIO" || question.variant == "io_uring" { return nil }
      let switches = try question.time("context.switch")
      // A round trip on one processor is a switch to the server and one back.
      let known = try question.time("tcp.round.trip.local") - 2 * switches
      // The kernel's structures for two sockets, and for a thread with its stacks.
      let sockets = Ratio.assumed("cache lines of two sockets", 80, in: 40...120)
      let thread = Ratio.assumed("cache lines of a thread", 120, in: 60...180)
      let lines = question.isBaseline ? sockets + thread : sockets
      // Fields of a structure are fetched without waiting for each other.
      let line = try question.randomLine(in: 64 * lines.value * Double(question.value))
      let calls = known.named("sends and receives") + (lines * line).named("cache misses")
      guard !question.isBaseline else {
        return Model(
          calls
            + (2 * switches).named(
              "switches", because: "To the thread, and from it when it sleeps again."))
      }
      let atOnce = Double(min(64, question.value))
      let wait = (try question.time("syscall") + 2 * switches) / atOnce
      return Model(calls + wait.named("epoll_wait and switches, once a group"))
    })
}

/// Of a kernel call.
private let requests = 512

private func variant(
  _ name: String, needs: [Requirement] = [],
  _ server: @escaping @Sendable (Point) throws -> any EchoServer
) -> Variant {
  Variant(
    name, shows: ["requestAll"], needs: needs,
    prepare: { try EchoClient($0, server: server($0)) },
    report: { client in
      ["resident bytes per connection": Counter(client.bytesPerConnection, unit: .bytes)]
    },
    run: { client in orEnd { try requestAll(client) } })
}

/// Requests on the next connections, as many at once as there are, at most 64.
@inline(never)
private func requestAll(_ client: EchoClient) throws -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<requests / client.atOnce { sum &+= try client.requestOnNext() }
  return sum
}

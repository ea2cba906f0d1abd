import Glibc
import Platform
import Systems

/// The rate of our relay beside that of the kernel's token bucket.
func compareWithTrafficControl() throws {
  try sayRate("own", over: pair(LinkPath(rate: 20e6, delay: 1_000_000, queueBytes: 1_000_000)))
  let link = try pair(LinkPath(delay: 1_000_000))
  try link.hosts.0.run {
    try shell("tc qdisc add dev link0 root tbf rate 20mbit burst 1600 limit 1000000")
  }
  try sayRate("tbf", over: link)
}

/// Bits per second from the first send to the last arrival: whatever else runs here makes it lower.
private func sayRate(_ name: String, over link: Link) throws {
  let start = Clock.now()
  let order = try send(100, over: link)
  let elapsed = Int(Clock.now() - start) - link.there.delay
  say("\(name) arrived", order.count)
  // The bucket is full at first, so that the first packet does not wait.
  say(name, Int(Double((order.count - 1) * 1_500 * 8) * 1e9 / Double(elapsed)))
}

/// The losses of our relay beside those of the kernel's filter.
func compareWithFilter() throws {
  let own = try pair(LinkPath(loss: 0.1))
  say("own", try 2_000 - send(2_000, of: 64, over: own).count)
  let link = try pair(LinkPath())
  try link.hosts.1.run {
    try shell(
      "nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }; "
        + "add rule ip t in numgen random mod 10 == 0 drop'")
  }
  say("nft", try 2_000 - send(2_000, of: 64, over: link).count)
  show(link.counts.there)
}

/// What a relay carries of TCP's packets, both hosts and the relay's thread at work, and how much
/// of its processor a link of a given rate takes: for the documentation, no test's business.
func measureCapacity() throws {
  for rate in [nil, 100e6, 200e6, 400e6] {
    let link = try pair(LinkPath(rate: rate, delay: 5_000_000, queueBytes: 1 << 20))
    let listener = try link.hosts.1.run { try Socket.listening(at: link.hosts.1.endpoint()) }
    let client = try link.hosts.0.run { try Socket.connected(to: listener.endpoint()) }
    let server = try listener.accept()
    let receiver = try Side {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      while try bytes.withUnsafeMutableBytes({ try server.receive($0) }) > 0 {}
    }
    let block = [UInt8](repeating: 1, count: 1 << 16)
    let (start, busy, before) = (Clock.now(), link.busyNanoseconds, link.counts.there)
    while Clock.now() < start + 1_500_000_000 {
      try block.withUnsafeBytes { try client.send($0) }
    }
    let elapsed = Double(Clock.now() - start)
    let counts = link.counts.there - before
    say("of", Int(rate ?? 0))
    say("carried", Int(Double(counts[.deliveredBytes]) * 8e9 / elapsed))
    say("busy", Double(link.busyNanoseconds - busy) / elapsed)
    show(counts)
    client.end()
    receiver.join()
  }
}

struct CommandFailed: Error, CustomStringConvertible {
  let description: String
}

private func shell(_ command: String) throws {
  let status = system(command)
  guard status == 0 else { throw CommandFailed(description: "\(command): status \(status)") }
}

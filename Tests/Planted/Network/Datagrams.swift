import Glibc
import Platform
import Systems

/// Sends numbered datagrams, all at once.
/// - Parameter bytes: of each; unless given, as many as fill a packet.
/// - Returns: their numbers as they came, until none comes for a while.
@discardableResult
func send(_ count: Int, of bytes: Int = 1_472, over link: Link) throws -> [Int] {
  let (first, second) = link.hosts
  let receiver = try second.run {
    let socket = try Socket(.datagram)
    try socket.set(.receiveBuffer(1 << 20))
    try socket.bind(to: second.endpoint())
    return socket
  }
  let sender = try first.run {
    let socket = try Socket(.datagram)
    try socket.connect(to: receiver.endpoint())
    return socket
  }
  var limit = timeval(tv_sec: 0, tv_usec: 300_000)
  setsockopt(
    receiver.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  var packet = [UInt8](repeating: 0, count: bytes)
  for number in 0..<count {
    packet.withUnsafeMutableBytes { $0.storeBytes(of: number, as: Int.self) }
    try packet.withUnsafeBytes { try sender.send($0) }
  }
  var numbers: [Int] = []
  while numbers.count < count {
    let length = try? packet.withUnsafeMutableBytes { try receiver.receive($0) }
    guard length == packet.count else { break }
    numbers.append(packet.withUnsafeBytes { $0.loadUnaligned(as: Int.self) })
  }
  return numbers
}

/// A thread that runs a closure once.
final class Side: @unchecked Sendable {
  // SAFETY (@unchecked): the closure is run by the thread alone, the rest is constant.
  private let body: () throws -> Void
  private var thread = pthread_t()

  init(_ body: @escaping () throws -> Void) throws {
    self.body = body
    pthread_create(
      &thread, nil,
      { argument in
        try? Unmanaged<Side>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
  }

  func join() { pthread_join(thread, nil) }
}

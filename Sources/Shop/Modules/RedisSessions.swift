import Synchronization
import Systems

/// Sessions and their carts at a Redis server: they outlive this process, and others see them.
///
/// A session is a hash of quantities by product. A field of no product keeps it while the cart is
/// empty, since Redis has no empty hashes.
final class RedisSessions: SessionStore {
  private let endpoint: Endpoint
  private let idle = Mutex<[Connection]>([])

  /// A script is one round trip, and nothing comes between its commands.
  private static let put = """
    if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
    return 1
    """
  private static let empty = """
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'open', 1)
    """

  /// Connects when it is asked for something.
  init(_ endpoint: Endpoint) { self.endpoint = endpoint }

  func open(_ session: Int) throws {
    try ask { _ = try $0.run("HSET", Self.key(session), "open", "1") }
  }

  func put(_ line: CartLine, inCartOf session: Int) throws {
    let isKnown = try ask {
      try $0.run(
        "EVAL", Self.put, "1", Self.key(session), "\(line.product)", "\(line.quantity)")
    }
    guard isKnown == .integer(1) else { throw RequestError.unknownSession }
  }

  func lines(of session: Int) throws -> [CartLine] {
    guard case .array(let parts) = try ask({ try $0.run("HGETALL", Self.key(session)) }),
      !parts.isEmpty
    else { throw RequestError.unknownSession }
    let lines = stride(from: 0, to: parts.count - 1, by: 2).compactMap { place -> CartLine? in
      guard case .text(let product) = parts[place], case .text(let quantity) = parts[place + 1],
        let product = Int(product), let quantity = Int(quantity)
      else { return nil }
      return CartLine(product: product, quantity: quantity)
    }
    return lines.sorted { $0.product < $1.product }
  }

  func empty(_ session: Int) throws {
    try ask { _ = try $0.run("EVAL", Self.empty, "1", Self.key(session)) }
  }

  private static func key(_ session: Int) -> String { "session:\(String(session, radix: 16))" }

  /// For the one thread that has borrowed it.
  private struct Connection: @unchecked Sendable {
    // SAFETY (@unchecked): whoever uses it has taken it off the list.
    let redis: RedisConnection
  }

  /// Borrows a connection; one that fails is not given back.
  /// - Throws: `RequestError` 503 where the server is out of reach.
  private func ask<Answer>(_ body: (RedisConnection) throws -> Answer) throws -> Answer {
    do {
      let connection = try idle.withLock { $0.popLast() } ?? Connection(redis: .init(endpoint))
      let answer = try body(connection.redis)
      idle.withLock { $0.append(connection) }
      return answer
    } catch { throw RequestError.unavailable("the sessions are out of reach: \(error)") }
  }
}

import Harness
import Systems

/// A client with one connection of HTTP/2 to a server behind a link.
final class LinkedStreams {
  let hosts: LinkedHosts
  let connection: HTTP2Connection

  /// - Parameters:
  ///   - path: from the server to the client; its delay is that of both directions.
  ///   - bytes: of each response, the same as those of `LinkedClient`.
  init(_ point: Point, _ path: LinkPath, bytes: Int) throws {
    let hosts = try point.linked(path, settings: linkedSettings)
    let listener = try hosts.server.run { try Socket.listening(at: hosts.server.endpoint()) }
    let client = try hosts.client.run { try Socket.connected(to: listener.endpoint()) }
    connection = try HTTP2Connection(
      client, listener.accept(), content: point.bytes(bytes), cpu: point.cpus[0])
    self.hosts = hosts
  }
}

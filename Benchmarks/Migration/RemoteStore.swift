import Drills
import Harness
import Platform
import Systems

/// A new store behind a link that can be cut. Rows that come twice are set twice, which is
/// harmless.
final class RemoteStore {
  let link: CutLink
  private let listener: Socket
  private var socket: Socket?

  /// - Parameter path: of a folder with both stores.
  init(in path: String) throws {
    let listener = try Socket.listening()
    self.listener = listener
    try ServerThread(on: nil) {
      orEnd {
        let stores = try TwoStores(in: path)
        while let client = try? listener.accept() { Self.serve(client, stores) }
      }
    }
    link = try CutLink(to: try listener.endpoint())
  }

  deinit { listener.end() }

  private static func serve(_ client: Socket, _ stores: TwoStores) {
    var entry = [0, 0]
    while (try? entry.withUnsafeMutableBytes { try client.receiveAll($0) }) == true {
      orEnd { try stores.new.set(entry[0], to: entry[1]) }
      var done: UInt8 = 1
      guard (try? withUnsafeBytes(of: &done) { try client.send($0) }) != nil else { return }
    }
  }

  /// Sets a row there.
  /// - Throws: where there is no response: it may be set or not.
  func set(_ row: Int, to value: Int) throws {
    do {
      let socket = try socket ?? Socket.connected(to: link.endpoint, options: [.noDelay(true)])
      self.socket = socket
      try [row, value].withUnsafeBytes { try socket.send($0) }
      var done: UInt8 = 0
      let count = try withUnsafeMutableBytes(of: &done) { try socket.receivePart($0) }
      precondition(count == 1 && done == 1)
    } catch {
      socket = nil
      throw error
    }
  }
}

import Glibc
import Platform
import Systems
import Testing

@testable import Drills

@Suite struct FaultTests {
  @Test func aCutLinkEndsConnectionsUntilItIsRepaired() throws {
    let listener = try Socket.listening()
    try ServerThread(on: nil) {
      while let client = try? listener.accept() {
        _ = try? ServerThread(on: nil) {
          var byte: UInt8 = 0
          while (try? withUnsafeMutableBytes(of: &byte) { try client.receiveAll($0) }) == true {
            byte += 1
            _ = try? withUnsafeBytes(of: &byte) { try client.send($0) }
          }
        }
      }
    }
    let link = try CutLink(to: try listener.endpoint())
    func ask(_ socket: Socket) throws -> UInt8 {
      var byte: UInt8 = 41
      try withUnsafeBytes(of: &byte) { try socket.send($0) }
      _ = try withUnsafeMutableBytes(of: &byte) { try socket.receivePart($0) }
      return byte
    }
    let first = try Socket.connected(to: link.endpoint)
    #expect(try ask(first) == 42)
    link.cut()
    #expect(throws: SystemError.self) { _ = try ask(first) }
    #expect(throws: SystemError.self) { _ = try ask(try Socket.connected(to: link.endpoint)) }
    link.repair()
    #expect(try ask(try Socket.connected(to: link.endpoint)) == 42)
    listener.end()
  }

  /// Needs a mount of its own, which not every kernel lets an ordinary user make.
  @Test func aSmallDiskIsFullUntilThereIsRoom() throws {
    let folder = try ScratchFolder(bytes: 1 << 20)
    let path = folder.path
    let copy = try ProcessCopy(seconds: 10) { say in
      let disk: SmallDisk
      do { disk = try SmallDisk(at: path, bytes: 1 << 20) } catch { return say(-1) }
      let file = open("\(path)/file", O_WRONLY | O_CREAT, 0o600)
      let page = [UInt8](repeating: 0, count: 4_096)
      say(write(file, page, page.count))
      try disk.fill()
      say(write(file, page, page.count) < 0 ? Int(errno) : 0)
      disk.makeRoom()
      say(write(file, page, page.count))
    }
    let first = try copy.word()
    guard first >= 0 else { return }
    #expect(first == 4_096)
    #expect(try copy.word() == Int(ENOSPC))
    #expect(try copy.word() == 4_096)
    // Nobody else sees it.
    #expect(access("\(path)/file", F_OK) != 0)
  }
}

import Foundation
import Testing

/// Links between hosts, played in processes of their own; nothing is asserted about how fast this
/// is.
@Suite(
  .serialized,
  .enabled(if: PlantedNetwork.refusal == nil, "\(PlantedNetwork.refusal ?? "")"))
struct LinkTests {
  @Test func aLinkDelaysLosesAndLimits() throws {
    let outcome = try PlantedNetwork("check")
    #expect(outcome.code == 0, "\(outcome.lines)")
    #expect(try #require(outcome.number("round trip")) >= 10e6)
    #expect(try #require(outcome.number("rate")) > 0)
    #expect(try #require(outcome.number("loss")) > 0)
  }

  @Test func tcpRepairsWhatALinkLoses() throws {
    let outcome = try PlantedNetwork("loss")
    #expect(outcome.lines.contains("intact: true"), "\(outcome.lines)")
    let offered = try #require(outcome.number("offered"))
    let lost = try #require(outcome.number("lost"))
    #expect(abs(lost - 0.03 * offered) <= 4 * (0.03 * 0.97 * offered).squareRoot())
    // A packet is a packet: 1,448 bytes of a segment's data at most.
    #expect(outcome.number("largest") == 1_500 && offered >= 1_000_000 / 1_448)
    #expect(outcome.number("refused") == 0)
  }

  @Test func aFullQueueDropsTheLast() throws {
    let outcome = try PlantedNetwork("queue")
    let (delivered, dropped) = try (
      #require(outcome.number("delivered")), #require(outcome.number("dropped"))
    )
    #expect(delivered + dropped == 100 && delivered >= 10 && dropped > 0, "\(outcome.lines)")
  }

  @Test func heldBackPacketsAreOvertaken() throws {
    let outcome = try PlantedNetwork("reordering")
    #expect(outcome.number("arrived") == 300, "\(outcome.lines)")
    #expect(try #require(outcome.number("inversions")) > 0)
    #expect(try #require(outcome.number("overtaking")) > 0)
  }

  @Test func jitterKeepsTheOrder() throws {
    let outcome = try PlantedNetwork("jitter")
    #expect(outcome.number("arrived") == 300, "\(outcome.lines)")
    #expect(outcome.number("inversions") == 0 && outcome.number("overtaking") == 0)
  }

  @Test(.enabled(if: PlantedNetwork.has("tc")))
  func theRateIsThatOfTheKernelsTokenBucket() throws {
    let outcome = try PlantedNetwork("tbf")
    for name in ["own", "tbf"] {
      #expect(outcome.number(name + " arrived") == 100, "\(outcome.lines)")
      // Neither is faster than that; how near they come to it depends on what else runs here.
      #expect(try #require(outcome.number(name)) <= 20.2e6)
    }
  }

  @Test(.enabled(if: PlantedNetwork.has("nft")))
  func theLossIsThatOfTheKernelsFilter() throws {
    let outcome = try PlantedNetwork("nft")
    for name in ["own", "nft"] {
      let lost = try #require(outcome.number(name), "\(outcome.lines)")
      #expect(abs(lost - 200) <= 4 * 180.0.squareRoot(), "\(name): \(lost) of 2,000")
    }
  }
}

/// What goes wrong is said in one line, and nothing is left.
@Suite(
  .serialized,
  .enabled(
    if: PlantedNetwork.refusal == nil && PlantedNetwork.has("unshare"),
    "\(PlantedNetwork.refusal ?? "no unshare")"))
struct HostFaultTests {
  @Test func refusedNamespacesAreOneLine() throws {
    let outcome = try PlantedNetwork(
      "check",
      under: [
        "unshare", "-Ur", "sh", "-c",
        "echo 0 > /proc/sys/user/max_net_namespaces; exec \"$0\" \"$@\"",
      ])
    #expect(outcome.lines == ["refused: unshare: No space left on device"])
  }

  @Test func aMissingDeviceIsOneLine() throws {
    let outcome = try PlantedNetwork(
      "check",
      under: [
        "unshare", "-Urm", "sh", "-c", "mount -t tmpfs none /dev/net; exec \"$0\" \"$@\"",
      ])
    #expect(
      outcome.lines == ["error: a TUN device (/dev/net/tun): No such file or directory"])
  }

  @Test func tooFewDescriptorsAreOneLine() throws {
    let outcome = try PlantedNetwork(
      "crowd", under: ["sh", "-c", "ulimit -n 64; exec \"$0\" \"$@\""])
    #expect(outcome.lines.count == 1)
    #expect(outcome.lines.first?.hasSuffix("Too many open files") == true, "\(outcome.lines)")
  }

  @Test func nothingIsLeftOfAKilledProcess() throws {
    let process = try PlantedNetwork.start("held")
    let output = (process.standardOutput as! Pipe).fileHandleForReading
    var said = ""
    while !said.contains("ready\n"), case let more = output.availableData, !more.isEmpty {
      said += String(decoding: more, as: UTF8.self)
    }
    #expect(said.contains("ready"))
    let network = try link("/proc/\(process.processIdentifier)/ns/net")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc")
      .filter { $0.allSatisfy(\.isNumber) }
    #expect(!processes.contains { (try? link("/proc/\($0)/ns/net")) == network })
    #expect(try !String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).contains("nsfs"))
  }

  private func link(_ path: String) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: path)
  }
}

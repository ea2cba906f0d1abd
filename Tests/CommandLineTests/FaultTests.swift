import Foundation
import Platform
import Testing

/// What the machine refuses is one line of its experiment, and the others are measured.
@Suite struct FaultTests {
  private static func has(_ program: String) -> Bool {
    InstalledProgram.path(of: program) != nil
  }

  private func lines(of experiment: String, in outcome: Perflab.Outcome) -> [Substring] {
    (outcome.out + outcome.err).split(separator: "\n").filter { $0.hasPrefix("\(experiment): ") }
  }

  @Test func sixtyFourDescriptorsAreOneLineEach() throws {
    let outcome = try Perflab.run(
      ["run", "--smoke", "network/event-loop", "network/coordinated-omission", "network/nagle"],
      under: ["sh", "-c", "ulimit -n 64; exec \"$0\" \"$@\""])
    #expect(outcome.code == 1)
    let skipped = lines(of: "network/event-loop", in: outcome)
    #expect(skipped.count == 1 && skipped[0].contains("file descriptors"), "\(outcome.err)")
    let failed = lines(of: "network/coordinated-omission", in: outcome)
    #expect(failed.count == 1 && failed[0].hasSuffix("Too many open files"), "\(outcome.err)")
    #expect(lines(of: "network/nagle", in: outcome).first?.contains("×") == true)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
  func whatIsSkippedLaterKeepsItsResult() throws {
    let folder = try Perflab.scratch()
    let words = ["run", "planted/team", "--preset", "quick", "--machine", "box"]
    try #require(try Perflab.run(words, in: folder, product: "planted-lab").code == 0)
    let result = folder.appending(path: "Reports/box/results/planted/team.json")
    let before = try Data(contentsOf: result)
    let later = try Perflab.run(words + ["--cpus", "0"], in: folder, product: "planted-lab")
    #expect(later.err.contains("planted/team: skipped: needs 2 cores"), "\(later.err)")
    #expect(
      lines(of: "planted/team", in: later).map(String.init).filter { $0.hasSuffix("stays") }
        == ["planted/team: the earlier result stays"])
    #expect(try Data(contentsOf: result) == before)
  }

  /// Of variants that no longer compute the same, an earlier speedup must not stay.
  @Test func aWrongResultReplacesWhatWasMeasured() throws {
    let folder = try Perflab.scratch()
    let options = ["--preset", "quick", "--machine", "box"]
    let right = try Perflab.run(
      ["run", "planted/reporting"] + options, in: folder, product: "planted-lab")
    try #require(right.code == 0)
    let results = folder.appending(path: "Reports/box/results/planted")
    let stored = results.appending(path: "wrong.json")
    try String(contentsOf: results.appending(path: "reporting.json"), encoding: .utf8)
      .replacingOccurrences(of: "planted/reporting", with: "planted/wrong")
      .write(to: stored, atomically: true, encoding: .utf8)
    let later = try Perflab.run(
      ["run", "planted/wrong"] + options, in: folder, product: "planted-lab")
    #expect(later.code == 1, "\(later.err)")
    #expect(!later.err.contains("the earlier result stays"), "\(later.err)")
    #expect(try String(contentsOf: stored, encoding: .utf8).contains("wrong result"))
  }

  /// The laboratory speaks to the loopback and to its own hosts, by IPv4 alone.
  @Test(.enabled(if: has("unshare") && has("ip")))
  func withoutIPv6TheNetworkIsMeasured() throws {
    let script = """
      echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 && ip link set lo up && exec "$0" "$@"
      """
    let network = ["unshare", "-Urn", "sh", "-c", script]
    guard try Perflab.start(network + ["true"]).code == 0 else { return }
    let outcome = try Perflab.run(["run", "--smoke", "network/nagle"], under: network)
    #expect(outcome.code == 0, "\(outcome.err)")
  }

  @Test(.enabled(if: has("strace")))
  func withoutIOUringItsExperimentsAreSkipped() throws {
    let refusing = [
      "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=io_uring_setup", "-e",
      "inject=io_uring_setup:error=EPERM",
    ]
    guard try Perflab.start(refusing + ["true"]).code == 0 else { return }
    let outcome = try Perflab.run(
      ["run", "--smoke", "storage/queue-depth", "storage/prepared"], under: refusing)
    #expect(outcome.code == 0, "\(outcome.err)")
    let skipped = lines(of: "storage/queue-depth", in: outcome)
    #expect(skipped.count == 1 && skipped[0].contains("needs io_uring"), "\(outcome.err)")
    #expect(lines(of: "storage/prepared", in: outcome).first?.contains("×") == true)
  }

  /// Somebody else fills the disk as soon as the experiment has files there.
  @Test(.enabled(if: has("unshare")))
  func aDiskThatFillsInTheMiddleIsOneLine() throws {
    let folder = try Perflab.scratch()
    let script = """
      mount -t tmpfs -o size=600m none "$1" && [ -n "$3" ] || exit
      "$2" run --smoke storage/durability --scratch "$1" & run=$!
      until ls "$1"/*/* > "$1/list" 2> /dev/null || ! kill -0 $run; do sleep 0.01; done
      head -c 700M /dev/zero > "$1/fill" 2> /dev/null
      wait $run; code=$?
      rm "$1/fill" "$1/list"; ls -A "$1"; exit $code
      """
    let mounted = ["unshare", "-Urm", "sh", "-c", script, "sh", folder.path(), Perflab.path()]
    guard try Perflab.start(mounted).code == 0 else { return }
    let outcome = try Perflab.start(mounted + ["run"])
    #expect(outcome.code == 1, "\(outcome.err)")
    let failed = lines(of: "storage/durability", in: outcome)
    let isFull = failed.first.map {
      $0.contains("No space left on device") || $0.contains("database or disk is full")
    }
    #expect(failed.count == 1 && isFull == true, "\(outcome.out + outcome.err)")
    #expect(!outcome.out.contains("perflab-scratch"), "\(outcome.out)")
  }
}

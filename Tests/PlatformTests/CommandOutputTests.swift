import Testing

@testable import Platform

/// What is read of what commands write.
@Suite struct CommandOutputTests {
  private func run(_ script: String) throws -> (run: Command.Run, lastWords: String) {
    try Command(["sh", "-c", script]).run()
  }

  @Test func ofALongOutputNoMoreThanItsEndIsHeld() throws {
    // The command looks at its own two files, until they hold 3 MB of 70.
    let script = """
      head -c 40000001 /dev/zero; printf 'last words'; head -c 30000000 /dev/zero >&2
      for i in $(seq 600); do
        held=$(stat -L -c %b /proc/$$/fd/1 /proc/$$/fd/2 | awk '{ n += $1 } END { print n }')
        [ $held -lt 12000 ] && exit; sleep 0.1
      done; exit 9
      """
    let (run, _) = try run(script)
    #expect(run.ending == .exited(code: 0))
    let written = [UInt8](repeating: 0, count: 40_000_001) + Array("last words".utf8)
    #expect(run.output == .init(bytes: written.count, hash: ByteDigest.of(written)))
  }

  @Test func aWriterThatIsFasterThanItsReaderIsHeldBackAndGoesOn() throws {
    let (run, words) = try run("head -c 100000000 /dev/zero; printf end")
    #expect(run.ending == .exited(code: 0) && run.output?.bytes == 100_000_003)
    #expect(words.hasSuffix("end"))
  }

  @Test func whatACommandMakesShorterItselfIsNoFault() throws {
    let (run, words) = try run("head -c 20000000 /dev/zero; sleep 0.1; printf end > /dev/stdout")
    #expect(run.output?.bytes == 3 && words.hasSuffix("end"))
  }
}

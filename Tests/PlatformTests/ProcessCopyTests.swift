import Glibc
import Platform
import Testing

@Suite struct ProcessCopyTests {
  @Test func aCopySaysNumbersAndIsKilled() throws {
    let copy = try ProcessCopy(seconds: 10) { say in
      say(1)
      say(2)
      while true { sleep(1) }
    }
    #expect(try copy.word() == 1)
    #expect(try copy.word() == 2)
    copy.kill()
    #expect(throws: SystemError.self) { try copy.word() }
  }

  /// As those of libdispatch's threads are.
  @Test func aCopyOfAThreadWithBlockedSignalsEndsAfterItsTime() throws {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let copy = try ProcessCopy(seconds: 1) { _ in while true { sleep(1) } }
    #expect(throws: SystemError.self) { try copy.word() }
  }
}

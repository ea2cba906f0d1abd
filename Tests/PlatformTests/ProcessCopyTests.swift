import Foundation
import Platform
import Synchronization
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

  /// Swift's runtime has others wait while a thread computes a global's first value; a copy has no
  /// such thread.
  @Test func aCopyUsesAGlobalThatAnotherThreadMakes() throws {
    let thread = Thread { _ = SlowGlobal.value }
    thread.start()
    while !SlowGlobal.isBegun.load(ordering: .acquiring) { usleep(10) }
    let copy = try ProcessCopy(seconds: 10) { say in say(SlowGlobal.value) }
    #expect(try copy.word() == 1)
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

private enum SlowGlobal {
  static let isBegun = Atomic(false)
  static let value: Int = {
    isBegun.store(true, ordering: .releasing)
    let end = Clock.now() + 5_000_000
    while Clock.now() < end {}
    return 1
  }()
}

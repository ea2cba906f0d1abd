import Glibc
import Platform
import Testing

@testable import Disks

struct FaultTests {
  @Test func aFullDiskIsOneClearLine() throws {
    let file = try DiskFile("/dev/full", .cached)
    let memory = AlignedMemory(4096)
    let error = #expect(throws: DiskError.self) {
      try file.write(UnsafeRawBufferPointer(memory.bytes), at: 0)
    }
    #expect(error.map { "\($0)" } == "write /dev/full: No space left on device")
  }

  @Test func memoryHasNoDirectAccess() throws {
    guard access("/dev/shm", W_OK) == 0 else { return }
    let refusal = try #require(DirectAccess.refusal(bytes: 1, in: "/dev/shm"))
    #expect(
      refusal
        == "needs a disk, and /dev/shm lies in memory (tmpfs); --scratch names another folder")
  }

  @Test func aFolderThatCannotBeWrittenIsOneClearLine() throws {
    let refusal = try #require(DirectAccess.refusal(bytes: 1, in: "/proc"))
    #expect(refusal.hasPrefix("no scratch folder in /proc: "))
    #expect(refusal.hasSuffix("; --scratch names another folder"))
  }

  @Test func aFileThatIsNotThereIsNamed() {
    #expect(throws: DiskError.system(SystemError(call: "open /nowhere/file", errno: ENOENT))) {
      try DiskFile("/nowhere/file", .cached)
    }
  }
}

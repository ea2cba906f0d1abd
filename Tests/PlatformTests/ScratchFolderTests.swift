import Glibc
import Testing

@testable import Platform

@Suite struct ScratchFolderTests {
  /// A folder that this test's scratch folders lie in.
  private final class Base {
    let path: String

    init() throws {
      var name = Array("/tmp/perflab-test-XXXXXX".utf8CString)
      try #require(mkdtemp(&name) != nil)
      path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { FileTree.remove(path) }

    var names: [String] { FileTree.names(in: path).sorted() }
  }

  @Test func aFolderIsGoneWithItsLastReferenceWithAllThatIsInIt() throws {
    let base = try Base()
    do {
      let folder = try ScratchFolder(bytes: 1, in: base.path)
      mkdir(folder.file("below"), 0o700)
      close(creat(folder.file("below/file"), 0o600))
      #expect(base.names.count == 1)
    }
    #expect(base.names == [])
  }

  @Test func whatADeadProcessLeftIsRemovedByTheNext() throws {
    let base = try Base()
    let own = ScratchProcess.current
    // The same number as a process that lives, started at another time.
    let dead = ScratchProcess(processID: own.processID, start: own.start + 1)
    mkdir("\(base.path)/\(dead.prefix)-0", 0o700)
    close(creat("\(base.path)/\(dead.prefix)-0/file", 0o600))
    mkdir("\(base.path)/perflab-scratch-notes", 0o700)
    let folder = try ScratchFolder(bytes: 1, in: base.path)
    #expect(FileTree.names(in: "\(base.path)/\(dead.prefix)-0").isEmpty)
    #expect(base.names.count == 2 && base.names.contains("perflab-scratch-notes"))
    // Those of a process that lives stay.
    ScratchFolder.removeLeftovers(in: base.path)
    #expect(access(folder.path, F_OK) == 0)
  }

  @Test func aLockedFolderStaysWhateverItsNameSays() throws {
    let base = try Base()
    let path = "\(base.path)/\(ScratchProcess(processID: 1, start: 1).prefix)-0"
    mkdir(path, 0o700)
    let holder = open(path, O_RDONLY | O_DIRECTORY)
    flock(holder, LOCK_EX)
    ScratchFolder.removeLeftovers(in: base.path)
    #expect(access(path, F_OK) == 0)
    close(holder)
    ScratchFolder.removeLeftovers(in: base.path)
    #expect(access(path, F_OK) != 0)
  }

  @Test func aLinkIsRemovedAndNotFollowed() throws {
    let base = try Base()
    mkdir("\(base.path)/kept", 0o700)
    close(creat("\(base.path)/kept/file", 0o600))
    do {
      let folder = try ScratchFolder(bytes: 1, in: base.path)
      symlink("\(base.path)/kept", folder.file("link"))
    }
    #expect(access("\(base.path)/kept/file", F_OK) == 0)
  }

  @Test func aFileIsNoFolder() throws {
    let base = try Base()
    let path = "\(base.path)/file"
    close(creat(path, 0o600))
    let error = #expect(throws: ScratchError.self) { try ScratchFolder(bytes: 0, in: path) }
    #expect(error?.reason == "Not a directory")
  }

  /// The kernel writes what there is room for and says so without an `errno`.
  @Test func aWriteThatEndsShortSaysWhy() throws {
    let folder = try ScratchFolder(bytes: 0)
    let copy = try ProcessCopy(seconds: 10) { say in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1_000, rlim_max: 1_000)
      setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
      errno = EDOM
      let bytes = [UInt8](repeating: 1, count: 4_000)
      do { try FileTree.write(bytes, to: folder.file("short")) } catch let error as SystemError {
        say(Int(error.errno))
      }
    }
    #expect(try copy.word() == Int(EFBIG))
  }

  @Test func tooLittleRoomIsOneLineWithBothSizes() throws {
    let base = try Base()
    let error = #expect(throws: ScratchError.self) {
      try ScratchFolder(bytes: Int.max, in: base.path)
    }
    let text = try #require(error).description
    #expect(text.contains("MiB are needed") && text.contains("MiB are free"))
    #expect(text.contains("--scratch") && !text.contains("\n"))
    #expect(base.names == [])
  }

  @Test(arguments: ["/proc", "/proc/self", "/does/not/exist", "/dev/null"])
  func whereNothingCanBeWrittenTheErrorNamesTheFolder(base: String) throws {
    let error = #expect(throws: ScratchError.self) { try ScratchFolder(bytes: 0, in: base) }
    #expect(try #require(error).description.contains(base))
  }

  @Test func aFileSystemIsNamed() throws {
    #expect(try FileSystem(of: "/proc").kind == "proc")
    let table = """
      22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
      27 22 0:24 / /dev/shm rw - tmpfs tmpfs rw,size=4g
      """
    let mount = try #require(FileSystem.mount("259:2", in: table))
    #expect(mount.kind == "ext4" && mount.device == "/dev/nvme0n1p2")
    #expect(FileSystem.mount("0:24", in: table)?.kind == "tmpfs")
    #expect(FileSystem.mount("8:1", in: table) == nil)
    #expect(throws: SystemError.self) { try FileSystem(of: "/does/not/exist") }
  }
}

import Glibc
import Testing

@testable import Platform

@Suite struct SharedLibraryTests {
  @Test func theCLibraryIsFoundAndIsWhereItsSymbolsLive() throws {
    let path = try #require(SharedLibrary.find("libc.so.6"))
    let origin = try #require(SymbolOrigin.library(of: "getpid"))
    #expect(path.hasSuffix("/libc.so.6"))
    #expect(origin.hasSuffix("libc.so.6"))
  }

  @Test func whatIsNotThereIsNil() {
    #expect(SharedLibrary.find("libperflab-does-not-exist.so.9") == nil)
    #expect(SharedLibrary.find("/nonexistent/libc.so.6") == nil)
    #expect(SharedLibrary.find("") == nil)
    #expect(SymbolOrigin.library(of: "perflab_no_such_symbol") == nil)
  }

  @Test func thePathVariableGoesBeforeTheCacheAndTheUsualFolders() throws {
    let tree = try FakeTree(["a/libx.so": "", "b/libx.so": "", "c/libx.so": "", "cache": ""])
    try write(cache([("libx.so", tree.path("b/libx.so"))]), to: tree.path("cache"))
    func find(_ searchPath: String, _ cache: String) -> String? {
      SharedLibrary.find(
        "libx.so", searchPath: searchPath, cache: tree.path(cache), folders: [tree.path("c")])
    }
    #expect(find("/nonexistent:\(tree.path("a"))", "cache") == tree.path("a/libx.so"))
    #expect(find("", "cache") == tree.path("b/libx.so"))
    #expect(find("", "absent") == tree.path("c/libx.so"))
  }

  @Test func theCacheListsPathsOfThisArchitectureAlone() {
    let bytes = cache([("liba.so", "/x/liba.so"), ("libb.so", "/x/libb.so"), ("liba.so", "/y")])
    #expect(LoaderCache.paths(of: "liba.so", in: bytes) == ["/x/liba.so", "/y"])
    let foreign = cache([("liba.so", "/x/liba.so")], flags: 0x0003)
    #expect(LoaderCache.paths(of: "liba.so", in: foreign).isEmpty)
    // An old table in front.
    #expect(LoaderCache.paths(of: "libb.so", in: [1, 2, 3] + bytes) == ["/x/libb.so"])
  }

  @Test func aNameWithoutAVersionStandsForAnyOfThem() {
    let bytes = cache([("liba.so.3", "/3"), ("liba.so.2", "/2"), ("liba.sox", "/x")])
    #expect(LoaderCache.paths(of: "liba.so", in: bytes) == ["/3", "/2"])
    #expect(LoaderCache.paths(of: "liba.so.2", in: bytes) == ["/2"])
  }

  @Test func aDamagedCacheIsNoTrap() {
    let bytes = cache([("liba.so", "/x/liba.so"), ("libb.so", "/x/libb.so")])
    for length in 0..<bytes.count {
      _ = LoaderCache.paths(of: "libb.so", in: Array(bytes.prefix(length)))
    }
    for position in 20..<bytes.count {
      var damaged = bytes
      damaged[position] = 0xff
      _ = LoaderCache.paths(of: "libb.so", in: damaged)
    }
  }

  private func cache(
    _ entries: [(name: String, path: String)], flags: UInt32 = LoaderCache.libraryFlags
  ) -> [UInt8] {
    func word(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var table: [UInt8] = []
    var strings: [UInt8] = []
    let base = 48 + 24 * entries.count
    for entry in entries {
      table += word(flags) + word(UInt32(base + strings.count))
      strings += Array(entry.name.utf8) + [0]
      table += word(UInt32(base + strings.count)) + word(0) + word(0) + word(0)
      strings += Array(entry.path.utf8) + [0]
    }
    let header =
      Array("glibc-ld.so.cache1.1".utf8) + word(UInt32(entries.count))
      + word(UInt32(strings.count)) + [UInt8](repeating: 0, count: 20)
    return header + table + strings
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "w") else { throw FakeTreeError(path: path, errno: errno) }
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
  }
}

import Glibc

/// A folder with planted files, gone when the value is.
final class FakeTree {
  let root: String

  init(_ files: [String: String]) throws {
    var template = Array("/tmp/perflab-tree-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FakeTreeError(path: "mkdtemp", errno: errno) }
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for (name, text) in files { try write(name, text) }
  }

  deinit { Self.remove(root) }

  func path(_ name: String) -> String { root + "/" + name }

  func write(_ name: String, _ text: String) throws {
    var folder = root
    for part in name.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
    guard let file = fopen(path(name), "w") else {
      throw FakeTreeError(path: path(name), errno: errno)
    }
    defer { fclose(file) }
    fputs(text, file)
  }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
    }
    _ = Glibc.remove(path)
  }
}

struct FakeTreeError: Error {
  let path: String
  let errno: Int32
}

/// Runs `body` on a thread of its own, so that pinning leaves the test's threads alone.
func onThread<Value>(_ body: @escaping () throws -> Value) throws -> Value {
  let job = Job(body)
  var thread = pthread_t()
  let error = pthread_create(
    &thread, nil,
    { context in
      Unmanaged<AnyJob>.fromOpaque(context!).takeRetainedValue().run()
      return nil
    }, Unmanaged.passRetained(job as AnyJob).toOpaque())
  guard error == 0 else { throw FakeTreeError(path: "pthread_create", errno: error) }
  pthread_join(thread, nil)
  return try job.result!.get()
}

private class AnyJob { func run() {} }

private final class Job<Value>: AnyJob {
  let body: () throws -> Value
  var result: Result<Value, any Error>?
  init(_ body: @escaping () throws -> Value) { self.body = body }
  override func run() { result = Result(catching: body) }
}

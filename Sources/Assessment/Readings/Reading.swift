import Glibc
import Platform

extension Readings {
  private static var readers: [any LineReader.Type] {
    [
      ProcReader.self, SysstatJSONReader.self, TraceReader.self, PostgresReader.self,
      OpenMetricsReader.self, AccessLogReader.self, VmstatReader.self, SysstatReader.self,
      SocketSummaryReader.self, PerfScriptReader.self, FoldedStackReader.self,
    ]
  }

  /// Reads files, and the files of folders. What can't be read is named in `unread`.
  /// - Throws: `AssessmentError` where a path does not exist, or none of the files can be read.
  public init(of paths: [String]) throws {
    self.init()
    var failures: [AssessmentError] = []
    for path in try paths.flatMap(Self.files) {
      do { try read(path) } catch let error as AssessmentError {
        failures.append(error)
      }
    }
    unread += failures.map(\.description)
    guard files.isEmpty else { return }
    if failures.count == 1 { throw failures[0] }
    throw AssessmentError.refused(
      failures.isEmpty
        ? "there is no file in \(paths.joined(separator: ", "))"
        : failures.map(\.description).joined(separator: "; "))
  }

  private static func files(_ path: String) throws -> [String] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw AssessmentError.unreadable(path, reason: SystemError.describe(errno))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    guard let folder = opendir(path) else {
      throw AssessmentError.unreadable(path, reason: SystemError.describe(errno))
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var inner = stat()
      let full = "\(path)/\(name)"
      if !name.hasPrefix("."), stat(full, &inner) == 0, inner.st_mode & S_IFMT == S_IFREG {
        names.append(full)
      }
    }
    return names.sorted()
  }

  private mutating func read(_ path: String) throws {
    let head: [UInt8]
    do { head = try FileLines.head(path) } catch let error as SystemError {
      throw AssessmentError.unreadable(path, reason: error.reason)
    }
    let lines = String(decoding: head, as: UTF8.self).split(
      maxSplits: 200, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.contains(where: { !$0.words.isEmpty }) else { throw AssessmentError.empty(path) }
    guard let type = Self.readers.first(where: { $0.recognises(lines) }) else {
      throw AssessmentError.unknownFormat(path)
    }
    try read(path, by: type.init())
  }

  private mutating func read(_ path: String, by reader: some LineReader) throws {
    var reader = reader
    var line = 0
    var trial = self
    // One owner: the readers add to what is there.
    self = Readings()
    do {
      try FileLines.each(path) { bytes in
        line += 1
        try reader.take(bytes, &trial)
        return true
      }
      let count = try reader.finish(&trial)
      for index in trial.exports.indices where trial.exports[index].path.isEmpty {
        trial.exports[index].path = path
      }
      self = trial
      guard count > 0 else {
        throw AssessmentError.damaged(path, line: line, reason: "ends before its first record")
      }
      files.append((path, type(of: reader).format, count))
    } catch let problem as LineProblem {
      self = trial
      throw AssessmentError.damaged(path, line: line, reason: problem.reason)
    } catch AssessmentError.mixedDecimals {
      self = trial
      throw AssessmentError.mixedDecimals(path)
    } catch let error as SystemError {
      self = trial
      throw AssessmentError.unreadable(path, reason: error.reason)
    } catch {
      self = trial
      throw error
    }
  }
}

import Statistics

/// What a device may hold of some files after a power cut, by the rules of POSIX and of drives:
///
/// - What was flushed is there.
/// - Of what was written since the last flush of the same file, any subset of sectors is there, so
///   that later writes may have arrived and earlier ones not. A sector of 512 bytes is there as a
///   whole or not at all.
/// - A file that was made is there with its first flush or a flush of its folder; one that was
///   deleted may be there again until its folder is flushed.
///
/// Flushing one file says nothing of the others.
public struct PowerCut: Sendable {
  /// What a drive writes as a whole.
  public static let sectorBytes = 512

  /// Which of the writes that were not flushed arrived.
  public enum Arrival: Sendable, CaseIterable {
    /// None of them.
    case none
    /// Each sector by chance.
    case some
    /// All of them: only the process ended, by `kill -9`.
    case all
  }

  private struct File: Sendable {
    /// Nil where there is no such file.
    var durable: [UInt8]?
    var pending: [FileLog.Change] = []
  }

  private var files: [String: File] = [:]
  /// Records that were acknowledged before the cut.
  public private(set) var acknowledged = 0

  /// Before the first entry: an empty folder.
  public init() {}

  /// The power is on for one more entry of the log.
  public mutating func pass(_ entry: FileLog.Entry) {
    switch entry {
    case .acknowledged(let records): acknowledged = records
    case .change(let name, .flushed):
      let file = files[name, default: File()]
      files[name] = File(durable: Self.contents(of: file) { _ in true })
    case .folderFlushed:
      for (name, file) in files {
        let isName = { (change: FileLog.Change) in change == .created || change == .deleted }
        guard let last = file.pending.lastIndex(where: isName) else { continue }
        // A file's name is there now; its bytes may still be missing.
        files[name] = File(
          durable: file.pending[last] == .created ? [] : nil,
          pending: Array(file.pending[(last + 1)...]))
      }
    case .change(let name, let change): files[name, default: File()].pending.append(change)
    }
  }

  /// The files that are there after a cut at this moment, by name.
  public func files(
    _ arrival: Arrival, using generator: inout SeededGenerator
  ) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    // In a fixed order, so that a seed says which sectors arrive.
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      found[name] = Self.contents(of: file) { _ in
        switch arrival {
        case .none: false
        case .all: true
        case .some: Bool.random(using: &generator)
        }
      }
    }
    return found
  }

  /// - Parameter arrives: asked for each change, and for each sector of a write.
  private static func contents(of file: File, arrives: (FileLog.Change) -> Bool) -> [UInt8]? {
    var contents = file.durable
    for change in file.pending {
      switch change {
      case .created: if arrives(change) { contents = [] }
      case .deleted: if arrives(change) { contents = nil }
      case .flushed: break
      // A file that is not there has no contents, whatever was written to it.
      case .truncated(let size):
        if contents != nil && arrives(change) { resize(&contents!, to: size) }
      case .written(let offset, let bytes):
        if contents != nil { write(bytes, at: offset, to: &contents!) { arrives(change) } }
      }
    }
    return contents
  }

  private static func resize(_ contents: inout [UInt8], to size: Int) {
    if size < contents.count {
      contents.removeLast(contents.count - size)
    } else {
      contents.append(contentsOf: repeatElement(0, count: size - contents.count))
    }
  }

  private static func write(
    _ bytes: [UInt8], at offset: Int, to contents: inout [UInt8], arrives: () -> Bool
  ) {
    var start = offset
    let end = offset + bytes.count
    while start < end {
      let next = min(end, (start / sectorBytes + 1) * sectorBytes)
      if arrives() {
        if contents.count < next { resize(&contents, to: next) }
        contents.replaceSubrange(
          start..<next, with: bytes[(start - offset)..<(next - offset)])
      }
      start = next
    }
  }
}

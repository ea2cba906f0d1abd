import Platform
import Results

/// What a run wrote into a machine's folder, by a digest of each file: `digest.txt`. It shows what
/// was changed by hand afterwards, or damaged; whoever wants to forge results can write it too.
struct FolderDigest {
  static let name = "digest.txt"

  private let folder: String
  /// By the path below the folder.
  private var known: [String: String] = [:]

  /// What the folder says of itself; nothing where it has no such file.
  init(folder: String) {
    self.folder = folder
    guard let place = StoredFile.place("\(folder)/\(Self.name)"),
      let bytes = try? StoredFile.read(place)
    else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      // Somebody else's file may name what is no part of the folder.
      guard words.count == 2, !words[1].split(separator: "/").contains("..") else { continue }
      known[String(words[1])] = String(words[0])
    }
  }

  /// Takes the digests of what was just written; those of other files stay as they are, so that what
  /// was altered between two runs still shows.
  mutating func update(_ ids: [String]) throws(LabError) {
    for path in [ResultsStore.runName] + ids.map({ "results/\($0).json" }) {
      known[path] = Self.digest("\(folder)/\(path)")
    }
    let text = known.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }.joined()
    try StoredFile.write(Array(text.utf8), to: "\(folder)/\(Self.name)")
  }

  /// Files that are not as the runs left them, sorted: changed since, or removed.
  var altered: [String] {
    known.filter { $0.value != Self.digest("\(folder)/\($0.key)") }.map(\.key).sorted()
  }

  /// Whether a run has written a file of this path.
  func names(_ path: String) -> Bool { known[path] != nil }

  /// Nil where there is no such file. Compressed or not, it has the same digest.
  private static func digest(_ path: String) -> String? {
    guard let place = StoredFile.place(path), let bytes = try? StoredFile.read(place) else {
      return nil
    }
    let digits = String(ByteDigest.of(bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

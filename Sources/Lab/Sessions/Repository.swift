import Platform

/// A git repository, as far as two of its states are to be built.
struct Repository {
  /// Its top folder, without symbolic links.
  let top: String
  /// The git folder of this work tree.
  private let folder: String
  /// What git is given to keep its index in: never the user's.
  private let index: String

  /// A state of all files.
  struct Tree: Equatable {
    /// Of git.
    let hash: String
    /// A commit's short hash and subject, or what the working tree is on.
    let detail: String
  }

  /// The repository around a folder.
  /// - Parameters:
  ///   - state: where this session keeps its own files.
  static func around(_ folder: String) throws(LabError) -> Repository {
    let words = ["git", "-C", folder, "rev-parse", "--show-toplevel", "--absolute-git-dir"]
    let (succeeded, lines, errors) = try lines(of: words)
    guard succeeded, lines.count == 2 else {
      throw .invalid(
        errors.contains("not a git repository")
          ? "--base compares revisions of a git repository, and \(folder) is in none"
          : "git finds no repository in \(folder): \(errors)")
    }
    return Repository(top: RelativePath.resolved(lines[0]), folder: lines[1], index: "")
  }

  /// The same with an index of its own in a folder.
  func keepingIndex(in state: String) -> Repository {
    Repository(top: top, folder: folder, index: state)
  }

  /// The files of a revision.
  func tree(of revision: String) throws(LabError) -> Tree {
    let found = try Self.lines(
      of: git + ["rev-parse", "--verify", "--quiet", "\(revision)^{commit}"])
    guard found.succeeded, let commit = found.lines.first else {
      throw .invalid(
        "there is no revision '\(revision)' in \(top); in a shallow clone, fetch it first")
    }
    return Tree(
      hash: try line(git + ["rev-parse", "\(commit)^{tree}"]), detail: try subject(of: commit))
  }

  /// The files as they are now, with all that is neither committed nor ignored.
  func workingTree() throws(LabError) -> Tree {
    let own = ["env", "GIT_INDEX_FILE=\(index)/working-index"] + git
    // Of a git that was killed; whoever calls this has the folder to itself.
    Files.remove("\(index)/working-index.lock")
    _ = try line(own + ["read-tree", "HEAD"])
    // What was built is no source, also where no .gitignore says so.
    _ = try line(own + ["add", "--all", "--", ":/", ":(top,exclude,glob)**/.build/**"])
    let hash = try line(own + ["write-tree"])
    let isClean = try line(git + ["rev-parse", "HEAD^{tree}"]) == hash
    let subject = try subject(of: "HEAD")
    return Tree(hash: hash, detail: isClean ? subject : "uncommitted changes on \(subject)")
  }

  /// Whether there are changes that no revision has.
  func isDirty() throws(LabError) -> Bool {
    try !line(git + ["status", "--porcelain"]).isEmpty
  }

  /// Makes a folder hold the files of a tree; those that are as they should be are left alone, so
  /// that a build goes on from the last one.
  func checkOut(_ tree: Tree, to target: String) throws(LabError) {
    let unfinished = index + "/unfinished"
    if Files.exists(unfinished) {
      // Files may lie there that the index does not know, and that git would leave.
      _ = try Self.lines(
        of: ["rm", "-rf", target, "\(index)/tree-index", "\(index)/tree-index.lock"])
    }
    try Files.write("", to: unfinished)
    try Files.createFolder(of: target + "/.")
    _ = try line(
      [
        "env", "GIT_INDEX_FILE=\(index)/tree-index", "git", "--git-dir=\(folder)",
        "--work-tree=\(target)", "-C", target, "read-tree", "--reset", "-u", tree.hash,
      ])
    Files.remove(unfinished)
  }

  /// The text of a file in a tree; nil where it has none of this path.
  func text(_ path: String, in tree: Tree) throws(LabError) -> String? {
    let found = try Self.lines(of: git + ["cat-file", "-p", "\(tree.hash):\(path)"])
    return found.succeeded ? found.lines.joined(separator: "\n") : nil
  }

  private var git: [String] { ["git", "-C", top] }

  private func subject(of commit: String) throws(LabError) -> String {
    try line(git + ["log", "-1", "--format=%h %s", commit])
  }

  /// The first line of what a command of git says.
  private func line(_ words: [String]) throws(LabError) -> String {
    let (succeeded, lines, errors) = try Self.lines(of: words)
    guard succeeded else {
      throw .incomparable("'git \(Self.subcommand(words))' failed in \(top): \(errors)")
    }
    return lines.first ?? ""
  }

  /// `read-tree`, without the options before it.
  private static func subcommand(_ words: [String]) -> String {
    let known = ["add", "log", "read-tree", "rev-parse", "status", "write-tree"]
    return words.first(where: known.contains) ?? ""
  }

  /// Advice of many lines may follow what git calls fatal.
  private static func reason(_ errors: String) -> String {
    let lines = errors.split(separator: "\n").map(String.init)
    return lines.first { $0.hasPrefix("fatal: ") } ?? lines.last ?? ""
  }

  private static func lines(
    of words: [String]
  ) throws(LabError) -> (succeeded: Bool, lines: [String], errors: String) {
    do throws(Command.Failure) {
      let (ending, output, errors) = try Command(words).outputs()
      return (
        ending == .exited(code: 0), output.split(separator: "\n").map(String.init),
        Self.reason(errors)
      )
    } catch .notFound {
      throw .invalid("--base needs git, which is not installed")
    } catch .interrupted {
      throw .interruptedComparison(hasRows: false)
    } catch { throw .invalid("git can't be run: \(error)") }
  }
}

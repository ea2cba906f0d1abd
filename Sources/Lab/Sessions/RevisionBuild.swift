import Glibc
import Platform
import Results

/// Builds the files of a tree and keeps the executable.
struct RevisionBuild {
  let repository: Repository
  /// Of the package, from the repository's top; empty or ending with a slash.
  let prefix: String
  /// Where all is kept.
  let folder: String
  let options: ABBuildOptions

  /// Executables that are kept.
  private static let most = 8

  /// All trees are built in one folder: paths are part of an executable, and what two trees share is
  /// built once. It lies deep enough for dependencies that a package names as `../other`.
  private var sources: String { folder + "/in/one/place" }

  private var package: String { sources + "/" + prefix }

  private var product: String { options.product ?? Lab.program }

  /// The executable of a tree, from an earlier time or built now.
  func executable(
    of tree: Repository.Tree, side: ABComparison.Side
  ) throws(LabError) -> String {
    let neighbours = try neighbours(of: tree)
    let kept = "\(folder)/built/\(tree.hash.prefix(16))-\(recipe(neighbours))"
    let path = "\(kept)/\(options.executable.map(Self.lastName) ?? product)"
    if Files.exists(path) {
      _ = utimes(kept, nil)
      return path
    }
    Console.note("building \(side.name) (\(side.detail))")
    try repository.checkOut(tree, to: sources)
    try link(neighbours)
    // What another tree's build left would pass for this one's.
    if let executable = options.executable { Files.remove(package + executable) }
    try build(side)
    let built = options.executable.map { package + $0 } ?? scratch + "/release/" + product
    guard Files.exists(built) else {
      throw .incomparable("the build of \(side.name) left no executable at \(built)")
    }
    try run(["mkdir", "-p", kept])
    try run(["cp", built, path + ".new"])
    try run(["mv", path + ".new", path])
    prune()
    return path
  }

  private static func lastName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private var scratch: String { folder + "/scratch" }

  private var words: [String] {
    if let build = options.build { return ["sh", "-c", "cd \"$0\" && \(build)", package] }
    return [
      "swift", "build", "--package-path", package, "--scratch-path", scratch, "--configuration",
      "release", "--product", product, "--static-swift-stdlib", "-debug-info-format", "none",
    ] + Self.flags
  }

  /// Those of the Makefile: this machine's instructions, functions and inner loops on cache lines.
  private static var flags: [String] {
    #if arch(x86_64)
      let (arch, loops) = (
        "-march=native",
        ["-Xswiftc", "-Xllvm", "-Xswiftc", "-x86-experimental-pref-innermost-loop-alignment=6"]
      )
    #else
      let (arch, loops) = ("-mcpu=native", [String]())
    #endif
    return ["-Xcc", arch, "-Xcc", "-DPERFLAB_ARCH=\"native\""]
      + ["-Xswiftc", "-Xllvm", "-Xswiftc", "-align-all-functions=6"] + loops
  }

  /// What an executable depends on beside its sources: the command, the compiler, and the packages
  /// beside the repository as they are now.
  private func recipe(_ neighbours: [Neighbour]) -> String {
    let version = (try? Command(["swift", "--version"]).outputs())?.output ?? ""
    let parts = words + [prefix, version] + neighbours.map { Files.stamps(below: $0.target) }
    return String(parts.joined(separator: "\n").stableHash, radix: 16)
  }

  private func build(_ side: ABComparison.Side) throws(LabError) {
    let (ending, output): (Command.Ending, String)
    do throws(Command.Failure) {
      (ending, output, _) = try Command(["sh", "-c", "exec \"$@\" 2>&1", "sh"] + words).outputs()
    } catch .interrupted {
      throw .interruptedComparison(hasRows: false)
    } catch { throw .incomparable("\(words[0]) can't be run: \(error)") }
    if ending == .exited(code: 0) { return }
    let lines = output.split(whereSeparator: \.isNewline).map(String.init)
    let errors = lines.filter { $0.contains("error:") }
    if errors.contains(where: { $0.contains("no product named") }) {
      throw .incomparable(
        "the package in \(side.name) has no product '\(product)'; name the executable that uses "
          + "Lab with --product")
    }
    let log = folder + "/build.log"
    try Files.write(output, to: log)
    let shown = (errors.isEmpty ? Array(lines.suffix(1)) : Array(errors.prefix(2)))
      .map { $0.replacing(sources + "/", with: "") }
    let reason =
      switch (shown.isEmpty, ending) {
      case (false, _): shown.joined(separator: " / ") + "; the whole output: \(log)"
      case (true, .exited(let code)): "it ended with exit code \(code) and printed nothing"
      case (true, .killed(let signal)): "it was killed by signal \(signal) and printed nothing"
      }
    throw .incomparable("\(side.name) does not build: \(reason)")
  }

  /// A package beside the repository that a package depends on.
  private struct Neighbour {
    /// `../other`, as the package names it.
    let name: String
    let target: String
    /// Where the build looks for it.
    let link: String
  }

  /// They are taken as they are now, for both sides.
  private func neighbours(of tree: Repository.Tree) throws(LabError) -> [Neighbour] {
    let own = repository.top + "/" + prefix
    let manifest = try repository.text(prefix + "Package.swift", in: tree) ?? ""
    return manifest.split(separator: "\"").filter { $0.hasPrefix("../") }.compactMap { piece in
      let target = RelativePath.resolved(own + piece)
      let link = RelativePath.lexical(package + piece)
      let isInside = target.hasPrefix(repository.top + "/") || target == repository.top
      guard !isInside, Files.exists(target), link.hasPrefix(folder + "/") else { return nil }
      return Neighbour(name: String(piece), target: target, link: link)
    }
  }

  private func link(_ neighbours: [Neighbour]) throws(LabError) {
    for neighbour in neighbours where !Files.exists(neighbour.link) {
      Console.note("\(neighbour.name) is taken as it is now, for both sides")
      try run(["ln", "-sfn", neighbour.target, neighbour.link])
    }
  }

  private func prune() {
    let built = folder + "/built"
    func age(_ name: String) -> Int {
      var found = stat()
      return stat("\(built)/\(name)", &found) == 0 ? Int(found.st_mtim.tv_sec) : 0
    }
    let names = Files.names(in: built).sorted { age($0) > age($1) }
    for name in names.dropFirst(Self.most) { _ = try? run(["rm", "-r", "\(built)/\(name)"]) }
  }

  private func run(_ words: [String]) throws(LabError) {
    let lastWords: String
    do throws(Command.Failure) {
      let (run, words) = try Command(words).run()
      if run.ending == .exited(code: 0) { return }
      lastWords = words
    } catch .interrupted {
      throw .interruptedComparison(hasRows: false)
    } catch { throw .incomparable("\(words[0]) can't be run: \(error)") }
    let line = lastWords.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    throw .incomparable("'\(words.joined(separator: " "))' failed: \(line)")
  }
}

import ArgumentParser
import Glibc
import Harness
import Platform
import Results

/// The command line of a laboratory, for a catalog of experiments. A `main` needs three lines:
///
///     import Lab
///     Lab.main(catalog: myExperiments)
public enum Lab {
  /// Parses the process's arguments, runs the command and ends the process with its exit code.
  /// - Parameters:
  ///   - catalog: the experiments, in the order in which they are listed and run.
  ///   - kit: experiments that commands use and that are neither listed nor run by themselves.
  ///   - numbers: what `perflab numbers` measures, for a machine.
  ///   - commands: that this laboratory has beside the usual ones.
  ///   - measuresInDebug: whether a debug build measures, for tests of what is not a time.
  public static func main(
    catalog: [Experiment], kit: [Experiment] = [],
    numbers: @escaping @Sendable (Machine) -> NumberCatalog = { _ in .none },
    commands: [any ParsableCommand.Type] = [], measuresInDebug: Bool = false
  ) {
    // A worker answers a pipe: no parsing, so that it starts at once. It does so on the process's
    // first thread: what an `async` main runs on is one of the few threads that Swift's tasks have.
    if CommandLine.arguments.dropFirst().first == "worker" {
      Worker.serve(
        catalog: catalog + kit, numbers: numbers,
        isPinned: !CommandLine.arguments.contains(unpinned))
    }
    if let order = CommandLine.arguments.dropFirst(2).first,
      CommandLine.arguments[1] == KernelCalls.argument
    {
      KernelCalls.serve(order, catalog: catalog)
    }
    // A file's name may be any bytes; as a string it would silently become another file's.
    if let position = unreadableArgument() {
      Console.error("argument \(position) is not UTF-8; give files and folders names that are")
      exit(LabError.invalid("").exitCode)
    }
    let context = LabContext(
      catalog: catalog, kit: kit, measuresInDebug: measuresInDebug, commands: commands,
      numbers: numbers)
    // A file that may grow no further is an error with a message, not a signal.
    signal(SIGXFSZ, SIG_IGN)
    let code = LabContext.$current.withValue(context) {
      run(Array(CommandLine.arguments.dropFirst()))
    }
    exit(code)
  }

  /// The place of the first argument that is not UTF-8.
  private static func unreadableArgument() -> Int? {
    (1..<max(1, Int(CommandLine.argc))).first { index in
      CommandLine.unsafeArgv[index].map { String(validatingCString: $0) == nil } ?? false
    }
  }

  /// The name by which it was called: in another package it may differ.
  static let program =
    CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "perflab"

  /// What goes on with an interrupted run; `make bench`, which runs two executables, names itself.
  static var continuation: String {
    getenv("PERFLAB_CONTINUE").map { String(cString: $0) } ?? "--resume"
  }

  /// Makes a worker leave its threads unpinned.
  static let unpinned = "--no-pinning"

  private static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try PerflabCommand.parseAsRoot(arguments)
      try command.run()
      return 0
    } catch let error as LabError {
      for line in error.lines { Console.error(line) }
      return error.exitCode
    } catch let error as CommandFailed {
      if !error.reason.isEmpty { Console.error(error.reason) }
      return error.exitCode
    } catch {
      let code = PerflabCommand.exitCode(for: error)
      let text = PerflabCommand.fullMessage(for: error)
      if code == .success {
        return said(text)
      } else if !text.isEmpty {
        Console.error(text, labelled: false)
      }
      return code.rawValue
    }
  }
}

extension Lab {
  /// Help, or the version.
  private static func said(_ text: String) -> Int32 {
    do throws(LabError) {
      try Console.line(text)
      return 0
    } catch {
      Console.error(error.description)
      return error.exitCode
    }
  }
}

struct PerflabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Lab.program,
    abstract: "Measure what an optimisation is worth on this machine, and explain why.",
    version: Version.text, subcommands: usual + LabContext.current.commands)

  private static let usual: [any ParsableCommand.Type] = [
    ListCommand.self, ShowCommand.self, RunCommand.self, NumbersCommand.self,
    CountsCommand.self, FlameCommand.self, CalibrateCommand.self, ReportCommand.self,
    CompareCommand.self, ABCommand.self, LimitsCommand.self, GatherCommand.self,
    PredictCommand.self, QuizCommand.self, EmbedCommand.self, ExportCommand.self,
    AtlasCommand.self, MapCommand.self, PricesCommand.self, DoctorCommand.self,
    ValidateCommand.self,
    NewCommand.self, NeighbourCommand.self,
  ]
}

/// The experiments that every command can refer to.
struct LabContext: Sendable {
  @TaskLocal static var current = LabContext(catalog: [], kit: []) { _ in .none }

  let catalog: [Experiment]
  let kit: [Experiment]
  var measuresInDebug = false
  var commands: [any ParsableCommand.Type] = []
  let numbers: @Sendable (Machine) -> NumberCatalog

  /// Whether times of this build are meaningful.
  var mayMeasure: Bool { Build.isOptimised || measuresInDebug }
}

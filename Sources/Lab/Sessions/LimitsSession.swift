import Harness
import Platform
import Results

/// Counts the calls of experiments' variants, for their limits.
struct LimitsSession {
  private let experiments: [Experiment]
  private let setting: Setting

  /// What was counted of one variant.
  struct Counted {
    let experiment: String
    let variant: String
    /// Nil where counting failed.
    let counts: [CallCount]?
  }

  init(_ options: LimitsCommand.Options) throws {
    experiments = try Selection.experiments(
      matching: options.patterns, in: LabContext.current.catalog)
    guard LabContext.current.mayMeasure else { throw LabError.debugBuild }
    setting = try Setting.current(cpus: options.cpus, machineName: nil)
  }

  /// Of the experiments that were selected.
  var ids: Set<String> { Set(experiments.map(\.id)) }

  /// Whether there is such a variant, counted or not.
  func knows(_ limit: CountLimits.Limit) -> Bool {
    experiments.contains { experiment in
      experiment.id == limit.experiment
        && experiment.variants.contains { $0.name == limit.variant }
    }
  }

  /// Of each variant that can be measured here; what fails is said, and has no counts.
  func counted() throws -> [Counted] {
    Interrupt.catchSignals()
    defer { Console.clearStatus() }
    let counting = CallCounting(facilities: setting.facilities, cpus: setting.cpus, seed: 1)
    var all: [Counted] = []
    for experiment in experiments {
      let fitted = experiment.fitted(to: setting.facilities)
      for (index, variant) in fitted.variants.enumerated() where variant.yardstick == nil {
        if Console.errorIsTerminal { Console.status("\(fitted.id) · \(variant.name)") }
        do throws(PointFailure) {
          let build = WorkerBuild(setting.launch)
          if let counts = try counting.counts(of: index, in: fitted, by: build) {
            all.append(Counted(experiment: fitted.id, variant: variant.name, counts: counts))
          }
        } catch .worker(.interrupted, _) {
          throw LabError.interruptedCounts(fitted.id)
        } catch {
          Console.clearStatus()
          Console.error("\(fitted.id), \(variant.name): \(error)")
          all.append(Counted(experiment: fitted.id, variant: variant.name, counts: nil))
        }
      }
    }
    return all
  }
}

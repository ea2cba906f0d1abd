import Glibc
import Harness
import Results
import Systems

/// What experiments on load share.
public enum LoadBench {
  /// Whether figures are wanted: not in a build for debugging and not in a smoke run, which must end
  /// well on a machine that is busy otherwise.
  public static let isMeasuring: Bool = {
    #if DEBUG
      false
    #else
      !SmokeRun.isThis
    #endif
  }()

  /// Requests per second; much less where nothing is measured.
  public static func rate(_ rate: Double) -> Double { isMeasuring ? rate : rate / 50 }

  /// Windows at most, of which all but the last were disturbed.
  private static let windows = 7

  /// The figures of a load. A window in which the generator's lateness exceeds 5% of the latency
  /// (both p99), or in which no connection was free, was disturbed by something else on the machine,
  /// since a pause of milliseconds is enough: it is repeated. Where all are, the least late one
  /// counts, and its lateness stands on the page.
  ///
  /// A kernel can't throw: a load without any figures ends the worker with one line, which becomes
  /// the point's failure.
  ///
  /// - Parameters:
  ///   - isWanted: false where no figure counts, so that nothing is repeated.
  ///   - load: a window with a policy made anew, which comes back with its figures.
  /// - Returns: the window that counts, and how many there were.
  public static func figures<Policy>(
    isWanted: Bool = true, _ load: () throws(LoadError) -> (result: LoadResult, policy: Policy)
  ) -> (result: LoadResult, policy: Policy, windows: Int) {
    let isMeasuring = isMeasuring && isWanted
    var last = ""
    var best: (result: LoadResult, policy: Policy)?
    for number in 1...windows {
      // What disturbs is often over soon.
      if number > 1 { usleep(5_000 << UInt32(number)) }
      do throws(LoadError) {
        let window = try load()
        let late = window.result.latenessP99
        if !isMeasuring || Double(late) <= 0.05 * Double(window.result.latency(at: 0.99) ?? 0) {
          return (window.result, window.policy, number)
        }
        if late < best?.result.latenessP99 ?? .max { best = window }
      } catch {
        last = "\(error)"
        // A pause of the machine may be longer than users wait.
        if case .unanswered = error { continue }
        if !error.isVoid { break }
      }
    }
    if let best { return (best.result, best.policy, windows) }
    end(last)
  }

  /// Ends the worker with one line.
  public static func end(_ reason: String) -> Never {
    let words = Array("\(reason)\n".utf8)
    _ = write(2, words, words.count)
    _exit(1)
  }
}

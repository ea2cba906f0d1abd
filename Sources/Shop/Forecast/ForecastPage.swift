import Simulation
import Statistics

extension ShopForecast {
  /// As a page in Markdown.
  public var page: String {
    let top = [
      "# A Shop predicted by the simulator, and measured", "", "**\(verdict)**", "",
      """
      The demands of \(model.requests) requests were measured. From them the simulator predicted what \
      follows, before the Shop was loaded. Response times are medians of windows, measured and \
      simulated; intervals of 95% are those of the median of measured windows.
      """, "", "## Capacity", "", "| | predicted | measured | error |", "|---|--:|--:|--:|",
      row(
        "requests per second", capacity.predicted, capacity.measured,
        { grouped(Int($0.rounded())) }),
      "", "By the model, the \(model.bottleneck) is the bottleneck.", "", wakeUps, "",
    ]
    return (top + responses + lacks + end).joined(separator: "\n") + "\n"
  }

  private var responses: [String] {
    let head = [
      "## Response times", "",
      "| load | requests per second | users | | predicted | measured | error |",
      "|--:|--:|--:|---|--:|--:|--:|",
    ]
    let text = """
      Load is the share of the predicted capacity; requests come independently of one another, and \
      latency counts from the time that a request was due. Users are as many as ask for so much if \
      each thinks for \(Int(Self.thinking)) seconds between two requests, as in TPC-W. \(generator)
      """
    return head + loads.flatMap(rows) + ["", text, "", serviceLevel, ""]
  }

  private var lacks: [String] {
    let head = [
      "## What the model lacks", "",
      "| load | measured ÷ predicted p99 | by demands | by all else | processor time "
        + "| wait of a write | taken by others |", "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    let text = """
      Measured ÷ predicted is the product of two factors. The first is what requests demanded more \
      at this load than when their demands were measured: the p99 that the simulator finds with the \
      demands noted at the load, divided by the prediction. The second is the measured p99 divided \
      by that: what requests do to one another beyond waiting their turn, and what others do to the \
      Shop. Processor time and wait are a request's and a write's means at the load; the model was \
      made of \(micro(model.demand.cpu)) and \(milli(model.demand.writeWait)). Others are other \
      programs, the kernel's own threads and other guests of the hypervisor; they had the Shop's \
      processors for that share of the time.
      """
    return head + loads.map(lack) + ["", text, ""]
  }

  private var end: [String] {
    let text = """
      Workers and processors are as many as the Shop's; each time is drawn from those that were \
      measured of its kind, independently of the last. Requests share the processors equally, as \
      threads do under Linux's fair scheduler. All recommendations were computed before, and none \
      expired. The model knows nothing of the scheduler's slices, of the one thread that reads and \
      writes for all connections, of the processors' caches, or of a device that is slow for several \
      requests in a row.
      """
    return ["## The model", "", "```mermaid", model.system(at: 1).diagram, "```", "", text]
  }

  /// Whether it is as close as a plan needs.
  private var verdict: String {
    let error = percent(capacity.predicted / capacity.measured.estimate - 1)
    let low = loads.filter { $0.share < 0.75 }
    let within = low.count { abs($0.predicted.p99 / $0.measured.p99.estimate - 1) <= 0.25 }
    return "Capacity is predicted with an error of \(error); p99 within 25% at \(within) of "
      + "\(low.count) loads below three quarters of it."
  }

  /// Where the capacity's error comes from.
  private var wakeUps: String {
    """
    A request took \(micro(cpu.alone)) of processor time when it was alone after pauses like those \
    of the lightest load, \(micro(cpu.crowded)) among those of \(Crowd.places) visitors, and \
    \(micro(cpu.saturated)) at the capacity. The difference is what waking threads costs, which a \
    busy Shop is spared; the model has it as a set-up of an idle processor, measured after pauses \
    like those of each load. The Shop's processors were busy for \
    \(Int((100 * busy).rounded()))% of the time at the capacity.
    """
  }

  /// Seconds that a user thinks.
  private static let thinking = 7.0
  /// Seconds.
  private static let slowest = 0.25

  private var serviceLevel: String {
    let kept = loads.last { $0.measured.p99.high <= Self.slowest && $0.failedShare <= 0.001 }
    guard let kept else { return "No load kept p99 within 250 ms and failures within 0.1%." }
    return "p99 stayed within 250 ms and failures within 0.1% up to \(users(kept)) users, the "
      + "highest load that was tried and passed. The curriculum has a shop on one server break at "
      + "2,000 users for its connections and at 8,000 for its load."
  }

  private func users(_ load: Load) -> String {
    grouped(Int((load.rate * (Self.thinking + load.measured.median.estimate)).rounded()))
  }

  private func grouped(_ count: Int) -> String {
    let digits = "\(count)"
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  private var generator: String {
    let worst = loads.map(\.lateness).max() ?? 0
    let disturbed = loads.map(\.disturbed).reduce(0, +)
    let delay = "The generator's own delay was at most \(micro(worst)) for 99% of the requests"
    guard disturbed > 0 else { return delay + "." }
    return delay + "; windows that something else on the machine disturbed were repeated "
      + "(\(disturbed) of them), at most three times as many as are wanted."
  }

  private func rows(_ load: Load) -> [String] {
    let place =
      "| \(Int((100 * load.share).rounded()))% | \(grouped(Int(load.rate.rounded()))) | \(users(load)) "
    return [
      place + row("p50", load.predicted.median, load.measured.median, milli),
      "| | | " + row("p99", load.predicted.p99, load.measured.p99, milli),
    ]
  }

  private func lack(_ load: Load) -> String {
    let measured = load.measured.p99.estimate
    let cells = [
      "\(Int((100 * load.share).rounded()))%", factor(measured / load.predicted.p99),
      factor(load.explained.p99 / load.predicted.p99), factor(measured / load.explained.p99),
      micro(load.demand.cpu), milli(load.demand.writeWait),
      "\(Int((100 * load.others).rounded()))%",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  private func factor(_ ratio: Double) -> String {
    let hundredths = Int((100 * ratio).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private func row(
    _ name: String, _ predicted: Double, _ measured: ConfidenceInterval,
    _ text: (Double) -> String
  ) -> String {
    "| \(name) | \(text(predicted)) | \(text(measured.estimate)) "
      + "(\(text(measured.low)) to \(text(measured.high))) "
      + "| \(percent(predicted / measured.estimate - 1)) |"
  }

  private func percent(_ share: Double) -> String {
    let whole = Int((100 * share).rounded())
    return whole < 0 ? "−\(-whole)%" : "+\(whole)%"
  }

  private func micro(_ seconds: Double) -> String { "\(Int((seconds * 1e6).rounded())) µs" }

  private func milli(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 1e5).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) ms"
  }
}

import ArgumentParser
import Glibc
import Lab
import Platform
import Shop

struct ShopForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Predict a shop's capacity and response times by simulation, then measure them.",
    discussion: """
      Measures what requests demand, feeds the simulator with it, and loads the same shop \
      afterwards, with the same visitors. Prints a page in Markdown. The visitors have the first \
      processor, the shop the others.
      """)

  @OptionGroup var shop: ShopOptions

  @Option(parsing: .upToNextOption, help: "Faults to plant; see 'shop list-sicknesses'.")
  var sick: [String] = []

  @Option(help: "Seconds of a window, of which each figure has nine.")
  var seconds = 1.0

  @Option(help: "Visitors, each with a session and a cart.")
  var visitors = 256

  @Option(help: "Write the page to this file (default: standard output).")
  var output: String?

  func run() throws {
    guard seconds >= 0.05, seconds <= 600 else {
      throw CommandFailed("--seconds is from 0.05 to 600", exitCode: 64)
    }
    guard (1...10_000).contains(visitors) else {
      throw CommandFailed("--visitors is from 1 to 10000", exitCode: 64)
    }
    try TextOutput.check(output)
    let place = try shop.place()
    defer { withExtendedLifetime(place) {} }
    var settings = try shop.settings(in: place)
    settings.sicknesses = try ShopServeCommand.sicknesses(sick)
    let cpus = try Affinity.allowed()
    settings.cpus = cpus.count > 1 ? Array(cpus.dropFirst()) : cpus
    try Affinity.restrict(to: [cpus[0]])
    var plan = ShopForecast.Plan(settings)
    (plan.seconds, plan.visitors) = (seconds, visitors)
    let page = try ShopOptions.interruptible { try ShopForecast(plan) { Lab.note($0) }.page }
    try TextOutput.write(page, to: output)
  }
}

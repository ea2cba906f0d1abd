import Simulation
import Testing

@testable import Shop

@Suite(.serialized) struct ForecastTests {
  /// Requests that all need the same.
  private static func demands(
    cpu: Double, wait: Double = 0, rest: Double = 0, alone: Double? = nil
  ) -> MixDemands {
    MixDemands(
      [.init(route: .product, cpu: [cpu], waits: [wait])], alone: alone, rests: [false: [rest]])
  }

  @Test func capacityIsTheProcessorsOverTheDemand() {
    let model = ShopModel(Self.demands(cpu: 0.001), processors: 4, workers: 8)
    #expect(abs(model.capacity - 4_000) < 1e-6)
  }

  /// Under processor sharing the mean is that of M/M/1, whatever the demands' distribution: one
  /// service time ÷ (1 − ρ).
  @Test(arguments: [0.5, 0.8])
  func queueingIsThatOfTheClosedForm(load: Double) {
    let model = ShopModel(
      Self.demands(cpu: 0.001, rest: 0.002), processors: 1, workers: 1_000)
    let expected = 0.001 / (1 - load) + 0.002
    let mean = model.responseTimes(at: load * 1_000, seconds: 1_000 / load).mean
    #expect(abs(mean / expected - 1) < 0.02)
  }

  /// A server that takes longer where it was idle: every time at hardly any load, hardly ever near its
  /// capacity.
  @Test func awakeThreadsServeFaster() {
    let demands = Self.demands(cpu: 0.001, alone: 0.002)
    let model = ShopModel(demands, processors: 1, workers: 1_000)
    #expect(abs(model.capacity - 1_000) < 1e-6)
    let lonely = model.responseTimes(at: 5, seconds: 400).mean
    #expect(abs(lonely / 0.002 - 1) < 0.02)
    let crowded = model.responseTimes(at: 900, seconds: 400).mean
    #expect(0.009...0.014 ~= crowded)
  }

  /// One worker that waits for a device is busy, though its processor is not.
  @Test func aWorkerIsHeldWhileItWaits() {
    let demands = Self.demands(cpu: 0.001, wait: 0.001)
    let (one, many) = (responses(1), responses(100))
    func responses(_ workers: Int) -> ResponseTimes {
      ShopModel(demands, processors: 1, workers: workers).system(at: 450)
        .run(seed: 1, for: .seconds(200), warmUp: .seconds(10))["visitors"].response
    }
    #expect(one.mean > 2 * many.mean)
  }

  /// One request in two writes, and only one at a time can.
  @Test func theWriterLimitsACapacityOfWrites() {
    let write = MixDemands.Kind(route: .addToCart, cpu: [0.001], waits: [0.005, 0.013])
    let read = MixDemands.Kind(route: .product, cpu: [0.0001], waits: [0])
    let model = ShopModel(MixDemands([write, read]), processors: 1, workers: 8)
    #expect(abs(model.capacity - 200) < 1e-6)
    #expect(model.bottleneck == "database's writer")
    let response = model.responseTimes(at: 100, seconds: 2_000).mean
    #expect(response > model.responseTimes(at: 20, seconds: 2_000).mean)
  }

  /// Checkouts that wait for the device are no reads that compute: each kind has its own demands.
  @Test func eachKindHasItsOwnDemands() {
    let write = MixDemands.Kind(route: .addToCart, cpu: [0.010], waits: [0.030])
    let reads = MixDemands.Kind(
      route: .product, cpu: [Double](repeating: 0.001, count: 9), waits: [0])
    let model = ShopModel(MixDemands([reads, write]), processors: 8, workers: 1_000)
    #expect(model.demand.writeWait == 0.030 && abs(model.demand.cpu - 0.0019) < 1e-9)
    let responses = model.responseTimes(at: 0.1, seconds: 1e6)
    #expect(abs(responses.percentile(50) / 0.001 - 1) < 0.01)
    #expect(abs(responses.percentile(99) / 0.040 - 1) < 0.01)
  }

  /// A device that is slow for one commit in a thousand makes a second's p99 slow in few seconds.
  @Test func aWindowsPercentileIsNotThatOfAllTime() {
    let write = MixDemands.Kind(
      route: .addToCart, cpu: [0], waits: [Double](repeating: 0.001, count: 999) + [0.3])
    let model = ShopModel(MixDemands([write]), processors: 1, workers: 1_000)
    let all = model.responseTimes(at: 100, seconds: 1_000).percentile(99)
    #expect(all > 0.1)
    #expect(model.window(at: 100, of: 1).p99 < 0.01)
  }

  @Test func aRealShopIsPredictedAndMeasured() throws {
    let open = try OpenShop()
    open.close()
    var settings = ShopSettings(folder: open.file("forecast"))
    settings.isDurable = false
    var plan = ShopForecast.Plan(settings)
    plan.seconds = 0.1
    plan.windows = 2
    plan.shares = [0.05]
    plan.visitors = 40
    var steps: [String] = []
    let forecast = try ShopForecast(plan) { steps.append($0) }
    #expect(steps.count == 5)
    #expect(forecast.capacity.predicted > 0 && forecast.capacity.measured.estimate > 0)
    #expect(forecast.loads.count == 1 && forecast.loads[0].predicted.p99 > 0)
    #expect(forecast.page.hasPrefix("# A Shop predicted by the simulator, and measured\n"))
    #expect(forecast.page.contains("| 5% |"))
  }
}

import Glibc
import Statistics

/// The load of a week, in machines that it would keep fully busy: a day's swing, a steady noise, and
/// bursts.
///
/// The highest hour of a day has some three times the load of the lowest (Barroso, Hölzle and
/// Ranganathan, *The Datacenter as a Computer*, 3rd edition, 2018). Bursts are an assumption: three a
/// day at random times, which double the load within two minutes and last for twenty.
struct FleetLoad {
  /// Seconds of a step.
  static let step = 10.0
  /// Of a day.
  static let stepsADay = 8_640
  static let days = 7

  /// The mean over a day, without bursts.
  static let mean = 12.0
  static let swing = 6.0
  static let burst = (perDay: 3.0, factor: 2.0, rise: 120.0, length: 1_200.0)

  /// By step.
  let machines: [Double]
  /// The seasonal part alone, by step of a day: what a forecast can know.
  let season: [Double]

  /// - Parameters:
  ///   - change: standard deviation of a day's level over the mean, from day to day.
  ///   - hasBursts: whether there are any.
  init(seed: UInt64, change: Double = 0.05, hasBursts: Bool = true) {
    var random = SeededGenerator(seed: seed)
    season = (0..<Self.stepsADay).map { step in
      Self.mean - Self.swing * cos(2 * .pi * Double(step) / Double(Self.stepsADay))
    }
    var levels: [Double] = []
    for _ in 0...Self.days { levels.append(max(0.3, 1 + change * random.normal())) }
    var factors = [Double](repeating: 1, count: Self.days * Self.stepsADay)
    if hasBursts {
      for _ in 0..<Int(Self.burst.perDay) * Self.days {
        let start = Int.random(in: 0..<factors.count, using: &random)
        for offset in 0..<Int(Self.burst.length / Self.step) where start + offset < factors.count {
          let risen = min(1, Double(offset) * Self.step / Self.burst.rise)
          factors[start + offset] = max(
            factors[start + offset], 1 + (Self.burst.factor - 1) * risen)
        }
      }
    }
    var noise = 0.0
    var load: [Double] = []
    load.reserveCapacity(factors.count)
    for (index, factor) in factors.enumerated() {
      noise = 0.9 * noise + 0.02 * random.normal()
      let (day, step) = (index / Self.stepsADay, index % Self.stepsADay)
      // From one day's level to the next.
      let part = Double(step) / Double(Self.stepsADay)
      let level = levels[day] * (1 - part) + levels[day + 1] * part
      load.append(max(0.1, season[step] * level * factor * (1 + noise)))
    }
    machines = load
  }

  /// The same in every variant of a replication.
  var digest: UInt64 {
    machines.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1.bitPattern) &* 0x100_0000_01b3 }
  }
}

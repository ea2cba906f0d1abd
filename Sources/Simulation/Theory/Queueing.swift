import Glibc

/// Closed forms of queueing theory. Times are in the unit of the mean service time, unless said.
///
/// Source: Kleinrock, *Queueing Systems* I and II, 1975 and 1976, unless said.
public enum Queueing {
  /// Mean response time of M/M/1, and of M/G/1 under processor sharing.
  public static func response(utilisation: Double) -> Double { 1 / (1 - utilisation) }

  /// The response time that a share of the requests does not exceed, in M/M/1.
  public static func response(at share: Double, utilisation: Double) -> Double {
    -log(1 - share) / (1 - utilisation)
  }

  /// Mean wait in M/G/1, first in, first out (Pollaczek and Khinchine).
  /// - Parameter squaredVariation: of the service time: variance ÷ mean².
  public static func wait(utilisation: Double, squaredVariation: Double) -> Double {
    utilisation / (1 - utilisation) * (1 + squaredVariation) / 2
  }

  /// The mean response of one server that needs so many service times more where it was idle, with
  /// exponential service times.
  ///
  /// Source: Welch, *On a Generalized M/G/1 Queuing Process in Which the First Customer of Each Busy
  /// Period Receives Exceptional Service*, Operations Research 12(5), 1964.
  public static func response(utilisation: Double, setup: Double) -> Double {
    response(utilisation: utilisation)
      + (2 * setup + utilisation * setup * setup) / (2 * (1 + utilisation * setup))
  }

  /// The share of requests that M/M/1 rejects which holds at most so many, served or waiting.
  public static func loss(capacity: Int, utilisation: Double) -> Double {
    if utilisation == 1 { return 1 / Double(capacity + 1) }
    return (1 - utilisation) * pow(utilisation, Double(capacity))
      / (1 - pow(utilisation, Double(capacity + 1)))
  }

  /// Throughput and response time of a closed network with exponential service, by exact mean value
  /// analysis. Times are in seconds.
  /// - Parameters:
  ///   - users: who each think and then wait.
  ///   - think: mean, in seconds.
  ///   - demands: seconds of service that a request needs of each station.
  ///
  /// Source: Reiser and Lavenberg, *Mean-Value Analysis of Closed Multichain Queuing Networks*, 1980.
  public static func closedNetwork(
    users: Int, think: Double, demands: [Double]
  ) -> (throughput: Double, response: Double) {
    var waiting = demands.map { _ in 0.0 }
    var (throughput, response) = (0.0, 0.0)
    for count in 1...users {
      let times = zip(demands, waiting).map { $0 * (1 + $1) }
      response = times.reduce(0, +)
      throughput = Double(count) / (think + response)
      waiting = times.map { throughput * $0 }
    }
    return (throughput, response)
  }

  /// Mean response time where each request joins the shortest of `choices` queues out of very many,
  /// drawn at random, with exponential service, first in, first out.
  ///
  /// Source: Mitzenmacher, *The Power of Two Choices in Randomized Load Balancing*, 2001: a share
  /// ρ^((d^k − 1) ÷ (d − 1)) of the queues has at least k requests; then Little's law.
  public static func shortest(of choices: Int, utilisation: Double) -> Double {
    guard choices > 1 else { return response(utilisation: utilisation) }
    var (sum, exponent) = (0.0, 1.0)
    while true {
      let term = pow(utilisation, exponent)
      sum += term
      if term < 1e-15 { return sum / utilisation }
      exponent = exponent * Double(choices) + 1
    }
  }

  /// Mean of the longest of `count` independent exponential times with mean 1.
  public static func longest(of count: Int) -> Double {
    (1...count).reduce(0) { $0 + 1 / Double($1) }
  }
}

import FoundationEssentials
import Results

/// The language between orchestrator and worker: one JSON object a line, a reply to each request.
enum WorkerProtocol {
  /// Raised at every change; both sides are the same executable, so a mismatch means that it was
  /// replaced during a run, or that two builds are compared which can't be.
  static let version = 14

  static func encode(_ message: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // A message is made of numbers, strings and arrays: encoding it cannot fail.
    return Array(try! encoder.encode(message))
  }

  static func decode<Message: Decodable>(_ type: Message.Type, from line: [UInt8]) throws -> Message
  {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: FoundationEssentials.Data(line))
  }
}

enum Request: Codable, Equatable {
  /// Say what the catalog holds.
  case outline
  case prepare(Assignment)
  /// Time these instances in this order, `iterations` calls a sample, after so many of each
  /// instance that are not timed.
  case run(order: [Int], iterations: Int, warmUpCalls: [Int])
  /// Take one value of one of the machine's numbers.
  case probe(ProbeAssignment)
  /// Call the assignment's first instance over and over and take stacks every `period` nanoseconds.
  case profile(Assignment, seconds: Double, period: UInt64)
  /// Time the experiment's parts, each by itself.
  case parts(Assignment)
  /// Count what calls of the assignment's first instance ask of the runtime and of the system.
  case count(Assignment)
  /// Measure what single steps of the experiment take.
  case demands(Assignment)
  /// Run a replication of each instance of a simulated experiment.
  case replicate(ReplicationOrder)
  /// Open a peer's library.
  case peer(Peer)
}

/// One of the machine's numbers, for one process.
struct ProbeAssignment: Codable, Equatable {
  var name: String
  /// From which the worker makes the same catalog of numbers.
  var machine: Machine
  var seed: UInt64
  /// The measuring processor first, then a team's in order.
  var cpus: [Int]
}

/// What a worker process is to hold: some instances of an experiment's variants at one point.
struct Assignment: Codable, Equatable {
  var experiment: String
  var parameter: Parameter
  var seed: UInt64
  /// The measuring processor first, then a team's in order.
  var cpus: [Int]
  /// Index of the variant behind each instance; nil where another worker holds the instance.
  var instances: [Int?]
  var firstCall: FirstCall
  /// The number of the process among those of the point.
  var turn = 0
}

/// What the first call of each instance of a process is for.
enum FirstCall: String, Codable {
  /// Results are compared, and how long a call takes is found out: once a point is enough.
  case timed
  /// Results are compared before any sample is taken.
  case compared
  /// It is a sample, and results are compared afterwards.
  case sampled
}

enum Reply: Codable, Equatable {
  case outline(Outline)
  case ready(Readiness)
  case samples(SampleBatch)
  case value(ProbeSampler.Value)
  case profile(Profile)
  case parts([PartTimes])
  case counts([CallCount])
  case demands([String: Double])
  case replications([Replicated])
  case peer(PeerVersion)
  case noPeer(PeerFault)
  case trouble(Trouble)
}

/// One replication of a simulated experiment, for one worker.
struct ReplicationOrder: Codable, Equatable {
  var experiment: String
  var parameter: Parameter
  /// Index of the variant behind each instance.
  var instances: [Int]
  /// By instance: equal seeds are common random numbers.
  var seeds: [UInt64]
  /// Values of uncertain inputs by name; the others are at their estimates.
  var moved: [String: Double]?
}

/// What an instance's replication gave.
struct Replicated: Codable, Equatable {
  var offered: Checksum
  /// Wall time.
  var nanoseconds: Double
  var figures: [String: Counter]
  var observations: Distribution?
}

/// Nanoseconds of a call of a part's two kernels.
struct PartTimes: Codable, Equatable {
  var before: Double
  var after: Double
}

/// What a worker found when it prepared its instances.
struct Readiness: Codable, Equatable {
  var version: Int
  /// By instance; nil where another worker holds it.
  var checksums: [Checksum?]
  /// About the time of a call in nanoseconds, for the pace; 0 where it was not asked for.
  var callNanoseconds: [Double?]
  /// Events of the processor that can't be counted, and why.
  var unavailable: [String: String]
}

/// Why a worker can't go on.
enum Trouble: Error, Codable, Equatable {
  case unknownExperiment(String)
  case preparation(variant: String, message: String)
  /// A preloaded library did not provide the symbol that proves it.
  case preloadNotInUse(library: String, symbol: String, found: String)
  case wrongResult(variant: String, expected: Checksum, found: Checksum)
  case pinning(cpu: Int, errno: Int32)
  case protocolMismatch(String)
  /// No stacks could be taken.
  case sampling(String)
}

/// One timed stretch of calls of one instance.
struct Sample: Equatable {
  var instance: Int
  /// For all the calls together.
  var nanoseconds: Double
  /// What disturbed it, if anything did.
  var disturbances: [String]
  /// Nanoseconds that others may have taken from it at most: waiting for the processor, and its
  /// part of what was stolen since the last look.
  var lostNanoseconds = 0.0
  /// By member of the kernel's team, the measuring thread first: of its core before the sample or
  /// after it, whichever is higher, since a neighbour that stays is there both times.
  var additionsPerCycle: [Double]
  /// Counters for all the calls together, and reports as they stood after it.
  var counters: [String: Double]
  var reports: [String: Counter]
  /// What the kernel observed during it, where the metric is a percentile.
  var observations: Distribution?
}

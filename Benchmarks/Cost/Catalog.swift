import Harness

/// The experiments of the cost breakdowns, in the order of the curriculum.
public let costBenchmarks: [Experiment] = compute + storage + network + operations

private let compute: [Experiment] = [
  .bottleneckFit, .reservedCoverage, .spotCheckpoint, .purchaseMix, .serverlessBreakEven,
  .coldStart,
  .functionSize, .forecastAsymmetry, .scheduledOff,
]

private let storage: [Experiment] = [
  .tierByAccess, .retrievalTrap, .hotSet, .expiry, .smallObjects, .codecChoice,
  .smallRecordDictionary, .replicaOrCache, .replicaHours, .indexOrScan,
]

private let network: [Experiment] = [
  .cdnBreakEven, .deltaSync, .replicateOnDemand, .zoneAffinity, .gatewayFee, .privateLink,
  .requestMerging,
  .egressCompression, .precompress, .compressThreshold, .cacheSize, .ttl,
]

private let operations: [Experiment] = [
  .automateOrNot, .flakyTests, .labelCost, .downtime, .alertFatigue, .perCoreLicence,
  .licenceOrSelfRun, .idleSeats, .encryption, .erasure,
]

import Harness

/// The experiments of the cost breakdowns, in the order of the curriculum.
public let costBenchmarks: [Experiment] =
  compute + storage + network + operations + [.spend, .metered]

private let compute: [Experiment] = [
  .peakToPercentile, .bottleneckFit, .binPacking, .reservedCoverage, .spotCheckpoint,
  .purchaseMix, .serverlessBreakEven, .coldStart, .functionSize, .targetTracking, .scaleIn,
  .scalingSignal, .reactivePredictive, .forecastAsymmetry, .scheduledOff,
]

private let storage: [Experiment] = [
  .tierByAccess, .retrievalTrap, .hotSet, .expiry, .smallObjects, .versionDebris, .codecChoice,
  .smallRecordDictionary, .columnarEncoding, .replicaOrCache, .replicaSize, .replicaHours,
  .indexOrScan,
  .partitionPruning, .materialise,
]

private let network: [Experiment] = [
  .cdnBreakEven, .shieldCost, .imageBytes, .deltaSync, .replicateOnDemand, .zoneAffinity,
  .gatewayFee,
  .privateLink, .requestMerging, .egressCompression, .precompress, .compressThreshold, .cacheSize,
  .clientCache, .ttl,
]

private let operations: [Experiment] = [
  .automateOrNot, .ciMinutes, .flakyTests, .toolConsolidation, .retention, .labelCost, .downtime,
  .onCallSize, .alertFatigue, .perCoreLicence, .licenceOrSelfRun, .idleSeats, .encryption,
  .auditVolume, .erasure,
]

import Harness

/// The experiments of the scale journeys, in the order of the curriculum.
public let scaleBenchmarks: [Experiment] = [
  .oneServer, .connectionPerRequest, .loggingCost, .deployRestart, .staticFiles,
  .connectionExhaustion, .poolSizing,
  .failover, .healthChecks, .automation, .splitBrain,
  .cacheAside, .stampede, .edgeCache, .slowQuery,
  .webTier, .sessionStore, .alertOnPercentiles, .sharedQueue, .readReplicas, .writeCeiling, .callDepth, .loadLevelling, .twoLevel, .originShield,
  .scatterGather, .metastable, .quorum, .eviction, .cells, .zoneLoss, .regionalHeadroom, .timeouts,
  .circuitBreaker, .hotKey, .invalidation, .staleWhileRevalidate, .readYourWrites, .replicationLag,
  .eventBatching, .edgeTermination, .readLocal, .dnsFailover, .syncCommit, .coldCache, .ordering,
  .tailSampling, .burnRate, .rangeHotSpot, .fallback, .requestCoalescing, .synchronousChain,
  .nodeKill, .consumerLag, .mergeablePercentiles, .cacheKey, .popularityPlacement,
  .conflictResolution, .diurnal, .lostUpdate, .outbox, .idempotency, .homeRegion, .dataPlacement,
  .resharding, .celebrity, .activeActive, .saga, .databasePerService, .telemetryCost, .cardinality,
  .spotFleet, .readModel,
]

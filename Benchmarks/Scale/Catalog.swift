import Harness

/// The experiments of the scale journeys, in the order of the curriculum.
public let scaleBenchmarks: [Experiment] =
  tenThousand + hundredThousand + million + hundredMillion

/// From 1,000 to 10,000 users.
private let tenThousand: [Experiment] = [
  .oneServer, .connectionPerRequest, .loggingCost, .deployRestart, .staticFiles,
  .connectionExhaustion, .poolSizing, .exhaustionAlert, .failover, .healthChecks, .automation,
  .splitBrain,
  .cacheAside, .stampede, .edgeCache, .slowQuery, .webTier, .webServers, .splitDatabase,
  .sessionStore, .alertOnPercentiles, .sharedQueue, .growingUsers,
]

/// To 100,000: reads and writes, services, geography, consistency.
private let hundredThousand: [Experiment] = [
  .readReplicas, .readYourWrites, .replicationLag, .writeCeiling, .readModel, .callTax, .callDepth,
  .circuitBreaker, .synchronousChain, .databasePerService, .edgeTermination, .readLocal,
  .homeRegion, .geoRouting, .dataPlacement, .quorum, .lostUpdate, .saga, .idempotency,
  .conflictResolution,
]

/// To 1,000,000: regions, caches, events, observability.
private let million: [Experiment] = [
  .activeActive, .regionalHeadroom, .syncCommit, .cells, .dnsFailover, .eviction, .invalidation,
  .twoLevel, .hotKey, .coldCache, .loadLevelling, .consumerLag, .eventBatching, .outbox, .ordering,
  .tailSampling, .mergeablePercentiles, .cardinality, .burnRate, .telemetryCost,
]

/// To 100,000,000: delivery, shards, chaos, cost.
private let hundredMillion: [Experiment] = [
  .originShield, .staleWhileRevalidate, .cacheKey, .requestCoalescing, .popularityPlacement,
  .resharding, .rangeHotSpot, .celebrity, .scatterGather, .onlineResharding, .timeouts, .nodeKill,
  .metastable,
  .fallback, .zoneLoss, .diurnal, .instructionSet, .requestBatching, .petabyteTiers, .spotFleet,
]

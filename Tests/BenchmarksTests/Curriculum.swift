/// The groups of the curriculum that experiments may name as their slot.
let curriculum: Set<String> = [
  "performance/cpu/detection", "performance/cpu/algorithmic", "performance/cpu/parallelization",
  "performance/cpu/hardware",
  "performance/memory/detection", "performance/memory/layout", "performance/memory/management",
  "performance/memory/pools",
  "performance/network/analysis", "performance/network/protocol",
  "performance/network/connections", "performance/network/balancing",
  "performance/storage/analysis", "performance/storage/indexes", "performance/storage/queries",
  "performance/storage/engines",
  "scale/10k/monolith", "scale/10k/connections", "scale/10k/single-point-of-failure",
  "scale/10k/degradation", "scale/10k/architecture",
  "scale/100k/read-write", "scale/100k/microservices", "scale/100k/geography",
  "scale/100k/consistency",
  "scale/1m/multi-region", "scale/1m/caching", "scale/1m/events", "scale/1m/observability",
  "scale/100m/cdn", "scale/100m/sharding", "scale/100m/chaos", "scale/100m/cost",
]

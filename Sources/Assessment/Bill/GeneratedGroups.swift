extension GeneratedBill.Group {
  /// What a shop of this size pays for: waste and what is sound, in about equal parts.
  static let all: [Self] = compute + databases + storage + network + rest

  private static let compute: [Self] = [
    Self(
      waste: [.rightSize, .commit], count: 10, share: 0.14,
      meter: "$0.384 per On Demand Linux m5.2xlarge Instance Hour", type: "m5.2xlarge",
      load: (0.22...0.36, 0.20...0.36)),
    Self(
      waste: [.commit], count: 14, share: 0.13,
      meter: "$0.192 per On Demand Linux m5.xlarge Instance Hour", type: "m5.xlarge",
      load: (0.55...0.75, 0.5...0.7)),
    Self(
      waste: [.schedule], count: 9, share: 0.07,
      meter: "$0.192 per On Demand Linux m5.xlarge Instance Hour", type: "m5.xlarge",
      tags: "{\"env\": \"staging\"}", load: (0.5...0.8, 0.45...0.7)),
    Self(
      waste: [.spot], count: 4, share: 0.045,
      meter: "$0.0725 per On Demand Linux c7g.large Instance Hour", type: "c7g.large",
      tags: "{\"env\": \"prod\", \"workload\": \"batch\"}", load: (0.8...0.95, 0.5...0.8)),
    Self(
      waste: [.unusedCommitment], prefix: "ri-", count: 1, share: 0.015,
      meter: "m4.large reserved instance", quantity: 744, pricing: "Committed", status: "Unused"),
    Self(
      count: 12, share: 0.10, meter: "m5.xlarge reserved instance applied", type: "m5.xlarge",
      pricing: "Committed", status: "Used", load: (0.15...0.7, 0.15...0.7)),
    Self(
      count: 4, share: 0.01, meter: "$0.192 per On Demand Linux m5.xlarge Instance Hour",
      type: "m5.xlarge", quantity: 220, tags: "{\"env\": \"dev\"}", load: (0.5...0.8, 0.45...0.7)),
    Self(
      count: 6, share: 0.03, meter: "$0.192 per On Demand Linux m5.xlarge Instance Hour",
      type: "m5.xlarge", quantity: 300, load: (0.6...0.8, 0.5...0.7)),
    Self(
      count: 3, share: 0.02, meter: "m5.large Linux Spot Instance-hour", type: "m5.large",
      pricing: "Dynamic", load: (0.7...0.9, 0.5...0.8)),
  ]

  private static let databases: [Self] = [
    Self(
      waste: [.removeIdle], prefix: "db-", count: 1, share: 0.02,
      service: "Amazon Relational Database Service", category: "Databases",
      meter: "$0.704 per RDS db.m6g.xlarge Multi-AZ instance hour", load: (0.01...0.02, 0.1...0.2),
      operations: 0),
    Self(
      prefix: "db-", count: 2, share: 0.06, service: "Amazon Relational Database Service",
      category: "Databases", meter: "reserved db.m6g.xlarge Multi-AZ", pricing: "Committed",
      status: "Used", load: (0.55...0.7, 0.6...0.8), operations: 2e8),
  ]

  private static let storage: [Self] = [
    Self(
      waste: [.removeIdle], prefix: "vol-", count: 8, share: 0.02, category: "Storage",
      meter: "$0.08 per GB-month of gp3 volume", unit: "GB-Months", quantity: 1_000,
      isAttached: false),
    Self(
      waste: [.volumeType], prefix: "vol-", count: 12, share: 0.03, category: "Storage",
      meter: "$0.10 per GB-month of gp2 volume", unit: "GB-Months", quantity: 1_000,
      operations: 1e6, isAttached: true),
    Self(
      waste: [.removeOld], prefix: "snap-", count: 20, share: 0.03, category: "Storage",
      meter: "$0.05 per GB-month of snapshot data", unit: "GB-Months", quantity: 1_000, age: 500),
    Self(
      waste: [.storageClass], prefix: "bucket-", count: 3, share: 0.09,
      service: "Amazon Simple Storage Service", category: "Storage",
      meter: "$0.023 per GB of standard storage", unit: "GB-Months", quantity: 60_000, reads: 0.02),
    Self(
      prefix: "bucket-", count: 2, share: 0.05, service: "Amazon Simple Storage Service",
      category: "Storage", meter: "$0.023 per GB of standard storage", unit: "GB-Months",
      quantity: 40_000, reads: 6),
    Self(
      prefix: "vol-", count: 10, share: 0.02, category: "Storage",
      meter: "$0.08 per GB-month of gp3 volume", unit: "GB-Months", quantity: 1_000,
      operations: 1e7, isAttached: true),
    Self(
      prefix: "snap-", count: 6, share: 0.01, category: "Storage",
      meter: "$0.05 per GB-month of snapshot data", unit: "GB-Months", quantity: 1_000, age: 12),
  ]

  private static let network: [Self] = [
    Self(
      waste: [.gateway], prefix: "nat-", count: 2, share: 0.035,
      service: "Amazon Virtual Private Cloud", category: "Networking",
      meter: "$0.045 per GB data processed by NAT Gateways", unit: "GB", quantity: 20_000,
      tags: "{\"env\": \"prod\", \"destination\": \"storage\"}"),
    Self(
      waste: [.zones], prefix: "eni-", count: 2, share: 0.04, service: "AWS Data Transfer",
      category: "Networking", meter: "$0.010 per GB - data transfer between zones", unit: "GB",
      quantity: 90_000),
    Self(
      prefix: "nat-", count: 1, share: 0.01, service: "Amazon Virtual Private Cloud",
      category: "Networking", meter: "$0.045 per GB data processed by NAT Gateways", unit: "GB",
      quantity: 8_000),
    Self(
      prefix: "dist-", count: 2, share: 0.07, service: "Amazon CloudFront",
      category: "Networking", meter: "$0.085 per GB data transfer out", unit: "GB", quantity: 40_000
    ),
  ]

  private static let rest: [Self] = [
    Self(
      waste: [.logs], prefix: "logs-", count: 2, share: 0.04, service: "Amazon CloudWatch",
      category: "Management and Governance", meter: "$0.50 per GB logs: ingestion", unit: "GB",
      quantity: 3_000, reads: 0.002),
    Self(
      prefix: "logs-", count: 1, share: 0.01, service: "Amazon CloudWatch",
      category: "Management and Governance", meter: "$0.50 per GB logs: ingestion", unit: "GB",
      quantity: 800, reads: 0.6),
    Self(
      prefix: "support-", count: 1, share: 0.03, service: "AWS Support", category: "Other",
      meter: "support plan", unit: "Months", quantity: 1, charge: "Purchase"),
  ]
}

/// A way to pay less, with what it saves.
public struct Measure: Sendable {
  /// What is done, in general terms.
  public enum Kind: String, CaseIterable, Sendable {
    case removeIdle = "remove what nobody uses"
    case removeOld = "delete old versions, snapshots and uploads"
    case schedule = "switch off outside working hours"
    case rightSize = "choose the size that is used"
    case storageClass = "move cold data to a colder class"
    case volumeType = "change the type of volumes"
    case gateway = "reach storage past the NAT gateway"
    case zones = "keep traffic inside a zone"
    case logs = "keep fewer logs and metrics"
    case spot = "run what may be interrupted on spot instances"
    case commit = "commit to what runs all the time"
    case unusedCommitment = "use, exchange or end unused commitments"

    /// The order in which measures are taken: a commitment to what is removed later is wasted.
    var phase: Int {
      switch self {
      case .removeIdle, .removeOld: 1
      case .schedule, .volumeType, .gateway, .logs: 2
      case .rightSize, .storageClass, .zones, .spot: 3
      case .commit, .unusedCommitment: 4
      }
    }

    /// Days of work for the first resource, and for each further one.
    var days: (first: Double, further: Double) {
      switch self {
      case .removeIdle: (0.5, 0.05)
      case .removeOld, .volumeType: (0.5, 0.02)
      case .schedule: (1, 0.1)
      case .rightSize: (1, 0.25)
      case .storageClass: (1, 0.1)
      case .gateway: (0.5, 0.2)
      case .zones: (5, 1)
      case .logs: (2, 0.2)
      case .spot: (5, 0.5)
      case .commit, .unusedCommitment: (1, 0)
      }
    }

    /// What can go wrong.
    var risk: String {
      switch self {
      case .removeIdle: "low: a snapshot beforehand brings it back"
      case .removeOld: "low: check which retention the law asks for"
      case .schedule: "low: somebody works at night; let them switch it on"
      case .rightSize: "medium: watch p99 for a week; the larger size is a restart away"
      case .storageClass: "medium: retrieval costs, and classes have minimum durations"
      case .volumeType: "low: changed while in use"
      case .gateway: "low: a route"
      case .zones: "medium: less room when a zone is lost"
      case .logs: "medium: a missing log is noticed in an incident"
      case .spot: "medium: work must survive being interrupted"
      case .commit: "medium: paid for whether used or not; cover only the least that always runs"
      case .unusedCommitment: "low"
      }
    }

    /// Experiments that show what it is worth.
    var experiments: [String] {
      switch self {
      case .removeIdle: ["cost/idle-seats"]
      case .removeOld: ["cost/version-debris", "cost/retention"]
      case .schedule: ["cost/scheduled-off"]
      case .rightSize: ["cost/peak-to-percentile", "cost/bottleneck-fit"]
      case .storageClass: ["cost/tier-by-access", "cost/retrieval-trap"]
      case .volumeType: ["cost/tier-by-access"]
      case .gateway: ["cost/private-link"]
      case .zones: ["cost/zone-affinity"]
      case .logs: ["cost/audit-volume", "cost/retention"]
      case .spot: ["cost/spot-checkpoint"]
      case .commit: ["cost/reserved-coverage", "cost/purchase-mix"]
      case .unusedCommitment: ["cost/reserved-coverage"]
      }
    }
  }

  /// What is done.
  public var kind: Kind
  /// To which resources, by why, with the figures.
  public var reasons: [(reason: String, resources: [String])] = []
  /// Dollars a month that they cost now.
  public var cost: Double
  /// Dollars a month.
  public var saving: ClosedRange<Double>

  /// All of them.
  public var resources: [String] { reasons.flatMap(\.resources) }

  mutating func add(_ resource: String, _ reason: String) {
    if let place = reasons.firstIndex(where: { $0.reason == reason }) {
      reasons[place].resources.append(resource)
    } else {
      reasons.append((reason, [resource]))
    }
  }

  /// Days of work; an assumption.
  public var days: Double {
    kind.days.first + kind.days.further * Double(max(0, resources.count - 1))
  }
}

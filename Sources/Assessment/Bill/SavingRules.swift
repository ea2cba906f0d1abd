import Prices

/// A share of an item's cost that can be saved, and why.
struct Saving {
  var kind: Measure.Kind
  /// Of the item's cost, from to.
  var share: ClosedRange<Double>
  var reason: String
  /// The share of a machine's places that is left.
  var places = 1.0
}

/// The rules. Each needs a figure: what a bill alone can't show is asked for and never assumed.
struct SavingRules {
  let bill: Bill
  let utilisation: Utilisation

  /// All that applies to an item, each to what the others leave of it.
  func savings(of item: BillItem) -> [Saving] {
    if item.payment == .other || item.cost <= 0 { return [] }
    if item.payment == .unusedCommitment {
      return [
        Saving(
          kind: .unusedCommitment, share: 0.3...0.9,
          reason: "paid for and not used; sell or exchange it, or let it end")
      ]
    }
    let use = utilisation.uses[item.resource]
    if let idle = idle(item, use) ?? old(item, use) { return [idle] }
    var savings = [
      schedule(item), volume(item), gateway(item), zones(item), logs(item, use), classes(item, use),
    ].compactMap(\.self)
    let size = rightSize(item, use)
    if let size { savings.append(size) }
    if let spot = spot(item) {
      savings.append(spot)
    } else if !savings.contains(where: { $0.kind == .schedule }), let commitment = commit(item) {
      savings.append(commitment)
    }
    return savings
  }

  /// The busier of a machine's processors and memory; 0 where that is not known.
  func load(_ resource: String) -> Double {
    max(utilisation.uses[resource]?.cpu ?? 0, utilisation.uses[resource]?.memory ?? 0)
  }

  private func has(_ text: String, _ words: String...) -> Bool {
    let small = text.lowercased()
    return words.contains { small.contains($0) }
  }

  /// `env:dev,team:a`, whichever way they are written.
  private func plainTags(_ item: BillItem) -> String {
    String(item.tags.lowercased().map { $0 == "=" ? ":" : $0 }.filter { !" \"'{}".contains($0) })
  }

  /// Whether a tag says that customers don't depend on it.
  private func isForDevelopment(_ item: BillItem) -> Bool {
    let tags = plainTags(item)
    let keys = ["env", "environment", "stage"]
    let values = ["dev", "development", "test", "testing", "staging", "qa", "sandbox"]
    return tags.split { ",;".contains($0) }.contains { pair in
      let parts = pair.split { "=:".contains($0) }
      guard parts.count == 2 else { return parts.count == 1 && values.contains(String(parts[0])) }
      return keys.contains { parts[0].hasSuffix($0) } && values.contains(String(parts[1]))
    }
  }

  private func idle(_ item: BillItem, _ use: Utilisation.Use?) -> Saving? {
    if has(item.meter, "idleaddress", "idle address", "not attached to a running") {
      return Saving(kind: .removeIdle, share: 1...1, reason: "an address that belongs to nothing")
    }
    guard let use else { return nil }
    if use.isAttached == false, has(item.category + item.meter, "storage", "volume") {
      return Saving(
        kind: .removeIdle, share: 0.95...1, reason: "a volume that belongs to no machine")
    }
    if use.operations == 0, use.cpu ?? 0 < 0.05 {
      return Saving(
        kind: .removeIdle, share: 0.95...1, reason: "no operation in a month", places: 0)
    }
    return nil
  }

  private func old(_ item: BillItem, _ use: Utilisation.Use?) -> Saving? {
    guard has(item.meter, "snapshot", "noncurrent", "version", "incomplete"),
      let age = use?.ageDays, age > 180
    else { return nil }
    return Saving(
      kind: .removeOld, share: 0.8...1,
      reason: "a copy that is \(Text.figure(age)) days old; a restore takes the latest")
  }

  /// Hours of a machine in a month, where the bill counts hours.
  private func hours(_ item: BillItem) -> Double? {
    guard has(item.unit, "hour", "hrs"), item.quantity > 0 else { return nil }
    return item.quantity / bill.months
  }

  private func schedule(_ item: BillItem) -> Saving? {
    guard isForDevelopment(item), item.payment == .onDemand,
      ["Compute", "Databases"].contains(item.category), let hours = hours(item), hours > 600
    else { return nil }
    // Ten to fourteen hours on five days.
    let working = (50.0 / 168, 70.0 / 168)
    return Saving(
      kind: .schedule, share: (1 - working.1)...(1 - working.0),
      reason:
        "\(Text.figure(hours)) hours a month for development; 50 to 70 hours a week are worked")
  }

  private func rightSize(_ item: BillItem, _ use: Utilisation.Use?) -> Saving? {
    guard ["Compute", "Databases"].contains(item.category), item.payment != .committed,
      hours(item) != nil, let use, let cpu = use.cpu, let memory = use.memory,
      max(cpu, memory) <= 0.4
    else { return nil }
    // Sizes double: half as large keeps the busiest hour below 80%.
    let halvings = max(cpu, memory) <= 0.2 ? 2 : 1
    let share = halvings == 2 ? 0.7...0.75 : 0.45...0.5
    return Saving(
      kind: .rightSize, share: share,
      reason: "p99: \(Text.percent(cpu)) of the processors, \(Text.percent(memory)) of the memory; "
        + (halvings == 2 ? "a quarter" : "half") + " of the size keeps both below 80%",
      places: halvings == 2 ? 0.25 : 0.5)
  }

  private func price(_ name: String) -> Double? {
    PriceBook.current.prices.first { $0.provider == "AWS" && $0.name == name }?.dollars
  }

  /// Between two prices of the list: what the cheaper one saves.
  private func saved(from: String, to: String) -> Double? {
    guard let old = price(from), let new = price(to), old > 0 else { return nil }
    return 1 - new / old
  }

  private func volume(_ item: BillItem) -> Saving? {
    guard has(item.meter, "gp2") else { return nil }
    // gp2 costs $0.10 a GB-month in us-east-1; the list has gp3.
    let share = price("block.gp3").map { 1 - $0 / 0.10 } ?? 0.2
    return Saving(
      kind: .volumeType, share: max(0, share - 0.03)...share,
      reason: "gp3 has the same 3,000 operations per second for less per GB")
  }

  private func gateway(_ item: BillItem) -> Saving? {
    guard has(item.meter, "natgateway-bytes", "data processed by nat", "nat gateway: data"),
      has(plainTags(item), "destination:storage")
    else { return nil }
    return Saving(
      kind: .gateway, share: 0.7...0.95,
      reason: "traffic to object storage; a gateway endpoint carries it for nothing")
  }

  private func zones(_ item: BillItem) -> Saving? {
    guard has(item.meter, "datatransfer-regional", "between zones", "inter-zone"),
      item.cost / bill.months >= 0.005 * bill.monthly
    else { return nil }
    return Saving(
      kind: .zones, share: 0.4...0.7,
      reason:
        "callers that prefer the replica of their own zone; of three zones two thirds of the calls "
        + "cross by chance")
  }

  private func logs(_ item: BillItem, _ use: Utilisation.Use?) -> Saving? {
    guard has(item.meter, "logs: ingest", "vendedlog", "datascanned-bytes", "log ingestion"),
      item.cost / bill.months >= 0.005 * bill.monthly, let reads = use?.readsPerGB, reads < 0.05
    else { return nil }
    return Saving(
      kind: .logs, share: 0.5...0.8,
      reason: "\(Text.percent(reads)) of what is written is ever read; sample what succeeds, keep "
        + "what fails")
  }

  private func classes(_ item: BillItem, _ use: Utilisation.Use?) -> Saving? {
    guard item.category == "Storage", has(item.meter, "standard", "timedstorage"),
      !has(item.meter, "infrequent", "glacier", "snapshot"), let reads = use?.readsPerGB,
      reads < 0.3, let share = saved(from: "storage.standard", to: "storage.infrequent")
    else { return nil }
    // Retrieval costs per GB take a part of it.
    let retrieval = (price("storage.infrequent.retrieval") ?? 0.01) * reads
    let net = share - retrieval / (price("storage.standard") ?? 0.023)
    guard net > 0.1 else { return nil }
    return Saving(
      kind: .storageClass, share: 0.8 * net...net,
      reason: "\(Text.figure(reads)) reads of a GB in a month; the infrequent class costs "
        + "\(Text.percent(share)) less, retrieval counted")
  }

  private func spot(_ item: BillItem) -> Saving? {
    guard item.category == "Compute", item.payment == .onDemand, hours(item) != nil,
      has(plainTags(item), "workload:batch", "interruptible:true")
    else { return nil }
    return Saving(
      kind: .spot, share: 0.5...0.7, reason: "tagged as batch work; spot prices vary")
  }

  private func commit(_ item: BillItem) -> Saving? {
    guard ["Compute", "Databases"].contains(item.category), item.payment == .onDemand,
      !isForDevelopment(item), let hours = hours(item), hours >= 700,
      let year = saved(from: "compute.t3.medium", to: "compute.t3.medium.1y")
    else { return nil }
    return Saving(
      kind: .commit, share: 0.6 * year...0.9 * year,
      reason:
        "runs all the time; a year's commitment costs \(Text.percent(year)) less; cover 60 to "
        + "90% of it")
  }
}

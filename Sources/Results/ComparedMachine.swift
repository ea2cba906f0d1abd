import Statistics

/// A property that differs between two machines, builds or runs.
public struct ComparedFact: Equatable, Sendable {
  /// `processor`, `kernel`, `huge pages`
  public var name: String
  /// As the first and as the second has it.
  public var values: [String]
}

/// One of the machine's numbers in two runs.
public struct ComparedNumber: Equatable, Sendable {
  /// `latency.l2`
  public var name: String
  /// In the first run.
  public var left: Quantity
  /// In the second run.
  public var right: Quantity
  /// Second ÷ first, for the level that holds for all numbers together.
  public var ratio: Interval
}

extension Machine {
  /// What identifies a machine, as far as it describes itself. Kernel, system and
  /// memory can change without its becoming another one.
  var identity: [ComparedTrait] {
    [
      ComparedTrait("processor", processor), ComparedTrait("architecture", architecture),
      ComparedTrait("cores", String(cores)), ComparedTrait("threads", String(threads)),
      ComparedTrait("packages", String(packages)), ComparedTrait("NUMA nodes", String(numaNodes)),
      ComparedTrait(
        "caches",
        caches.map { "L\($0.level) \($0.bytes >> 10) KiB by \($0.sharedBy)" }
          .joined(separator: ", ")),
      ComparedTrait("hypervisor", hypervisor ?? "none"),
    ]
  }

  /// What this machine has otherwise than another one, its own value first.
  public func differences(from other: Machine) -> [ComparedFact] {
    zip(identity, other.identity).filter { $0 != $1 }.map { own, others in
      ComparedFact(name: own.name, values: [own.value, others.value])
    }
  }

  /// Whether both describe the same hardware.
  public func isLike(_ other: Machine) -> Bool { identity == other.identity }
}

extension BuildFlags {
  /// What identifies a toolchain and its flags.
  var identity: [ComparedTrait] {
    [
      ComparedTrait("compiler", compiler),
      ComparedTrait("instruction set", instructionSet.isEmpty ? "default" : instructionSet),
      ComparedTrait("vector extensions", features.joined(separator: ", ")),
      ComparedTrait("optimised", optimised ? "yes" : "no"),
    ]
  }
}

/// A name with a value.
struct ComparedTrait: Equatable {
  let name: String
  let value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension Results {
  /// All that a comparison shows where it differs, the machine first, conditions last.
  var traits: [ComparedTrait] {
    let memory = "\(machine.memoryBytes >> 20) MiB"
    let own = [
      ComparedTrait("memory", memory), ComparedTrait("system", machine.system),
      ComparedTrait("kernel", machine.kernel), ComparedTrait("perflab", run.version),
      ComparedTrait("preset", run.preset),
      ComparedTrait("processors used", run.cpus.map(String.init).joined(separator: ", ")),
    ]
    return machine.identity + own + run.flags.identity
      + conditions.map { ComparedTrait($0.name, "\($0.value) (\($0.grade.rawValue))") }
  }

  /// What differs between two results.
  static func facts(_ left: Results, _ right: Results) -> [ComparedFact] {
    let (first, second) = (left.traits, right.traits)
    let names =
      first.map(\.name)
      + second.map(\.name).filter { name in
        !first.contains { $0.name == name }
      }
    return names.compactMap { name in
      let values = [first, second].map { traits in
        traits.first { $0.name == name }?.value ?? "not recorded"
      }
      return values[0] == values[1] ? nil : ComparedFact(name: name, values: values)
    }
  }

  /// The machine's numbers that differ beyond their intervals and the smallest effect of interest,
  /// the largest difference first, and how many were compared.
  /// - Parameter processes: that each number was made from, lowest to highest.
  static func numbers(
    _ left: Machine, _ right: Machine, processes: Int
  ) -> (differing: [ComparedNumber], compared: Int) {
    let names = left.numbers.keys.filter { right.numbers[$0] != nil }.sorted()
    let pairs = names.compactMap { name -> (String, Quantity, Quantity)? in
      guard let one = left.numbers[name]?.quantity, let other = right.numbers[name]?.quantity,
        one.unit == other.unit
      else { return nil }
      return (name, one, other)
    }
    guard !pairs.isEmpty else { return ([], 0) }
    let level = simultaneousLevel(PairedComparison.level, comparisons: pairs.count)
    let effect = naturalLogarithm(JudgementRule().smallestEffect)
    let differing = pairs.compactMap { name, one, other -> ComparedNumber? in
      guard let first = MeasuredSpeedup.log(one.interval, processes: processes),
        let second = MeasuredSpeedup.log(other.interval, processes: processes)
      else { return nil }
      let difference =
        second.widened(to: level, processes: processes)
        - first.widened(to: level, processes: processes)
      guard difference.low > effect || difference.high < -effect else { return nil }
      let ratio = difference.ratio
      return ComparedNumber(
        name: name, left: one, right: other,
        ratio: Interval(estimate: ratio.estimate, low: ratio.low, high: ratio.high))
    }
    func size(_ number: ComparedNumber) -> Double {
      max(number.ratio.estimate, 1 / number.ratio.estimate)
    }
    return (differing.sorted { (size($1), $0.name) < (size($0), $1.name) }, pairs.count)
  }
}

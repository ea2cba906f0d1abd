extension Conditions {
  static func scratchFolder(_ machine: Surroundings) -> MachineCondition {
    let name = "scratch folder"
    let why = "files of storage experiments lie there; in memory or in layers they are no device's"
    guard let system = machine.scratch else {
      return MachineCondition(name, .unknown, "none in \(ScratchFolder.base)", why: why)
    }
    let isLayered = system.kind == "overlay"
    return MachineCondition(
      name, system.isInMemory || isLayered ? .fair : .good, system.text, why: why,
      fix: "perflab run --scratch FOLDER, with a folder on a disk")
  }
}

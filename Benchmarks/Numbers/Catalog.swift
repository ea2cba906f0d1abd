import Harness
import Results

/// All numbers of a machine. Working sets follow from its caches, teams from its threads.
public func numberCatalog(for machine: Machine) -> NumberCatalog {
  let levels = Levels(machine)
  let memory =
    latencyProbes(levels) + Conflicts.probes(levels) + SingleWords.probes
    + Parallelism.probes(levels) + Translation.probes(levels)
    + Bandwidth.probes(levels) + Heap.probes(levels) + Allocators.probes + Mountain.probes(levels)
    + Bandwidth.curve(levels) + [Bandwidth.past(levels)] + Mountain.pageProbes(levels)
    + StoredPages.probes(levels) + PlainLoops.lines(levels)
  let core =
    latencyOfArithmetic() + Throughput.probes(levels) + PlainLoops.probes(levels) + Branches.probes
    + RandomEnds.probes + Calls.probes
    + Atomics.probes + Objects.probes + Transfer.probes(levels)
  let system = Concurrency.probes + Concurrency.recursions + Threads.probes + Messages.probes
  let network = (NetworkCalls.probes + PublicKeys.probes).map { $0.of("network") }
  let storage =
    (Storage.probes + StorageCache.probes + StorageDepth.probes + SQLiteReads.probes
    + SQLiteStatements.probes + SQLiteWrites.probes + DurableWrites.probes
    + EngineCalls.probes).map { $0.of("storage") }
  let cost = (CodecRates.probes + PictureRates.probes + Encryption.probes).map { $0.of("cost") }
  return NumberCatalog(
    probes: core + memory + system + network + storage + cost,
    derived: Parallelism.derived + Translation.derived(levels) + Throughput.derived
      + [Branches.derived, Transfer.derived, Threads.derived, Threads.callDerived]
      + Storage.derived + [StorageDepth.derived] + SQLiteReads.derived + SQLiteWrites.derived,
    series: [
      staircaseSeries(levels), Parallelism.series(levels), Parallelism.stored(levels),
      Bandwidth.series, Mountain.series,
      Mountain.pages(levels), StoredPages.series(levels),
      PlainLoops.series, RandomEnds.series, Transfer.series,
    ] + Conflicts.series + StorageDepth.series,
    borrowed: ["cost": ["network", "scale", "storage"], "migration": ["network", "storage"]])
}

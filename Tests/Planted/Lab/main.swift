import Glibc
import Lab
import PlantedExperiments

// The command line over the planted experiments. What they report is not a time, so that tests may
// measure it in a debug build.
let count = getenv("PLANTED_MORE").flatMap { Int(String(cString: $0)) } ?? 0
Lab.main(
  catalog: planted + more(count), kit: getenv("PLANTED_KIT") == nil ? [] : knownPairs,
  measuresInDebug: true)

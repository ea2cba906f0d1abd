import CPUBenchmarks
import CalibrationBenchmarks
import Lab
import MemoryBenchmarks
import NumbersBenchmarks

// The areas that need no package beyond the command line's own: what a first run waits for.
Lab.main(
  catalog: cpuBenchmarks + memoryBenchmarks, kit: calibrationBenchmarks, numbers: numberCatalog)

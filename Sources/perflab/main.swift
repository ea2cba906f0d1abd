import CPUBenchmarks
import CalibrationBenchmarks
import Lab
import MemoryBenchmarks
import NumbersBenchmarks

Lab.main(
  catalog: cpuBenchmarks + memoryBenchmarks, kit: calibrationBenchmarks, numbers: numberCatalog)

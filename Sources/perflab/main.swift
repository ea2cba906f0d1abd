import CPUBenchmarks
import CalibrationBenchmarks
import CostBenchmarks
import Lab
import MemoryBenchmarks
import NumbersBenchmarks
import ScaleBenchmarks

Lab.main(
  catalog: cpuBenchmarks + memoryBenchmarks + scaleBenchmarks + costBenchmarks,
  kit: calibrationBenchmarks, numbers: numberCatalog)

import CPUBenchmarks
import CalibrationBenchmarks
import CostBenchmarks
import Lab
import MemoryBenchmarks
import NetworkBenchmarks
import NumbersBenchmarks
import ScaleBenchmarks

Lab.main(
  catalog: cpuBenchmarks + memoryBenchmarks + networkBenchmarks + scaleBenchmarks
    + costBenchmarks,
  kit: calibrationBenchmarks, numbers: numberCatalog)

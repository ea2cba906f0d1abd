import CPUBenchmarks
import Lab
import MemoryBenchmarks
import NumbersBenchmarks

await Lab.main(catalog: cpuBenchmarks + memoryBenchmarks, numbers: numberCatalog)

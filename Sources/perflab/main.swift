import CPUBenchmarks
import Lab
import MemoryBenchmarks

await Lab.main(catalog: cpuBenchmarks + memoryBenchmarks)

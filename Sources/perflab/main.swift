import CPUBenchmarks
import CalibrationBenchmarks
import CostBenchmarks
import Lab
import MemoryBenchmarks
import MigrationBenchmarks
import NetworkBenchmarks
import NumbersBenchmarks
import ScaleBenchmarks
import StorageBenchmarks

Lab.main(
  catalog: cpuBenchmarks + memoryBenchmarks + networkBenchmarks + storageBenchmarks
    + scaleBenchmarks + costBenchmarks + migrationBenchmarks,
  kit: calibrationBenchmarks,
  numbers: { numberCatalog(for: $0).with(messageNumbers + shopNumbers) },
  commands: [
    ShopCommand.self, CollectCommand.self, DiagnoseCommand.self, SaveCommand.self, PlanCommand.self,
    AssessCommand.self,
  ])

import Lab
import NumbersBenchmarks

await Lab.main(catalog: sessionsBenchmarks, numbers: numberCatalog)

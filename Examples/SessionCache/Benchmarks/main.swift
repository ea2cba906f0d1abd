import Lab
import NumbersBenchmarks

Lab.main(catalog: sessionsBenchmarks, numbers: numberCatalog)

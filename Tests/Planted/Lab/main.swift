import Lab
import PlantedExperiments

// The command line over the planted experiments. What they report is not a time, so that tests may
// measure it in a debug build.
Lab.main(catalog: planted, measuresInDebug: true)

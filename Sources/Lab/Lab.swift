import ArgumentParser
import Harness

/// The command line, for a catalog of experiments.
public enum Lab {
  public static func main(catalog: [Experiment]) async { print(catalog.count) }
}

import Glibc
import Harness
import PlantedExperiments

// A worker for the planted experiments, or one that misbehaves in the way that it is told.
switch CommandLine.arguments.dropFirst().first {
case "garbage":
  var line = "this is no reply\n"
  while getchar() != EOF {}
  line.withUTF8 { _ = write(4, $0.baseAddress, $0.count) }
  sleep(5)
case "silence": sleep(60)
case "deaf":
  close(4)
  exit(9)
default: Worker.serve(catalog: planted)
}

import Glibc
import Platform
import Systems

// Runs one scene in a network of its own and prints what happened: a test's own process has
// threads, which the kernel does not let in.
if let refusal = OwnNetwork.enter() {
  print("refused: \(refusal)")
  exit(1)
}
do {
  let name = CommandLine.arguments.dropFirst().first ?? ""
  guard let scene = scenes[name] else {
    print("no scene \(name)")
    exit(2)
  }
  try scene()
} catch {
  print("error: \(error)")
  exit(1)
}

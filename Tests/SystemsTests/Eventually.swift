import Glibc

/// Waits until it is so, ten seconds at most: a process's end takes its time.
func eventually(_ isSo: () -> Bool) -> Bool {
  for _ in 0..<1_000 where !isSo() { usleep(10_000) }
  return isSo()
}

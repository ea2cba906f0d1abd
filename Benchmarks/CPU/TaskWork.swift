import Glibc

/// A task that computes: a chain of multiplications and additions, so many of each.
@inline(never)
func spin(_ seed: Int, _ steps: Int) -> UInt64 {
  var value = 1.0 + Double(seed)
  for _ in 0..<steps { value = value * 0.999 + 1.0 }
  return value.bitPattern
}

/// A task that blocks, in place of a call to another service.
func callAndWait(_ nanoseconds: Int) -> UInt64 {
  var wait = timespec(tv_sec: 0, tv_nsec: nanoseconds)
  nanosleep(&wait, nil)
  return 1
}

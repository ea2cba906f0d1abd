import Techniques

/// The number of objects of a request, and the arena that all requests use in turn.
final class ArenaInput: @unchecked Sendable {
  // SAFETY (@unchecked): only the thread that calls the kernel uses it.
  let objects: Int
  var arena = Arena()

  init(objects: Int) { self.objects = objects }
}

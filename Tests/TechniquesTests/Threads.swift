import Glibc

/// Runs `body` on that many threads of its own, and returns when all are done.
func onThreads(_ count: Int, _ body: @escaping @Sendable (_ thread: Int) -> Void) {
  final class Start {
    let number: Int
    let body: @Sendable (Int) -> Void
    init(number: Int, body: @escaping @Sendable (Int) -> Void) {
      self.number = number
      self.body = body
    }
  }
  let threads = (0..<count).map { number in
    let start = Unmanaged.passRetained(Start(number: number, body: body))
    var thread = pthread_t()
    let error = pthread_create(
      &thread, nil,
      { context in
        let start = Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
        start.body(start.number)
        return nil
      }, start.toOpaque())
    precondition(error == 0, "pthread_create: \(error)")
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
}

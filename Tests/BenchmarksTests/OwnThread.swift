import Foundation

/// Runs `body` on a thread of its own. Some kernels block their thread until tasks have run, and
/// tests run on the few threads that tasks have.
func onOwnThread<Answer: Sendable>(
  _ body: @escaping @Sendable () throws -> Answer
) async throws -> Answer {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result(catching: body)) }.start()
  }
}

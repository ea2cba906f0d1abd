import Harness
import Synchronization
import Techniques

/// A work-stealing pool whose workers are the members of a team, so that variants that use the team
/// and variants that steal run on the same threads.
final class PooledTeam: @unchecked Sendable {
  // SAFETY (@unchecked): the team is used by the kernel's thread alone.
  private let team: Team
  private let pool: WorkStealingPool
  private let isOver = PaddedAtomic<Bool>(false)

  /// - Throws: `ThreadRefused` where the system refuses the pool a thread.
  init(_ team: Team) throws {
    self.team = team
    pool = try WorkStealingPool(workers: 1)
  }

  /// Runs `body` on the calling thread, while the other members take over what it forks.
  func run<Answer>(_ body: (borrowing WorkStealingPool.Worker) -> Answer) -> Answer {
    var answer: Answer?
    isOver.value.store(false, ordering: .relaxed)
    team.run { member in
      if member == 0 {
        answer = pool.run(body)
        isOver.value.store(true, ordering: .releasing)
      } else {
        pool.help { isOver.value.load(ordering: .acquiring) }
      }
    }
    return answer!
  }
}

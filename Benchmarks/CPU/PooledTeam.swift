import Harness
import Synchronization
import Techniques

/// A work-stealing pool whose workers are a team's members, so that the variants of an experiment
/// that use the team and those that steal run on the same threads.
final class PooledTeam: @unchecked Sendable {
  // SAFETY (@unchecked): the team is used by the kernel's thread alone.
  private let team: Team
  private let pool: WorkStealingPool
  private let isOver = PaddedAtomic<Bool>(false)

  init(_ team: Team) throws {
    self.team = team
    pool = try WorkStealingPool(workers: 1)
  }

  /// Runs `body` on the calling thread, with the other members to take over what it forks.
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

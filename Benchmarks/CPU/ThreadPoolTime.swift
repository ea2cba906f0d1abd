import Harness

/// The model of tasks in threads of their own and in a pool: time per task, of so many.
func taskTime(_ question: Question, of tasks: Int) throws(MissingNumber) -> Time {
  // Two dependent operations per addition.
  let task = Double(question.value) * 2 * (try question.time("add.integer.latency"))
  let rounds = (Double(tasks) / Double(question.machine.threads)).rounded(.up)
  let share = rounds / Double(tasks)
  if question.isBaseline {
    let work = (share * task).named("tasks on all processors")
    let thread = try question.time("thread.create.two").named(
      "creating and joining threads",
      because: "The creator and the new thread keep both processors busy.")
    return thread + work
  }
  let atomic = try question.time("atomic.add")
  let line = try question.cacheLineTransfer()
  // A task is stored under the lock, and announced by an exchange. Other threads free its closure, so
  // that the submitter's allocator has none at hand. On machines measured before that was a number,
  // as if it had.
  let remote = try? question.time("malloc.free.64.remote")
  let closure = if let remote { remote } else { try question.time("malloc.free.64") }
  let insertion = try question.time("mutex") + atomic + 2.25 * line
  let submission =
    closure.named("closure that another thread frees")
    + insertion.named(
      "insertion into the queue",
      because: """
        The lines of its tail and of a quarter of the slots come back from a thread that has read \
        them, and with them that of the threads that look for tasks.
        """)
  // The closure's last release, and adding to the sum.
  let taking = try question.time("atomic.cas") + 2 * atomic + 2 * line
  let execution =
    task.named("tasks")
    + taking.named(
      "taking a task", because: "The lines of the queue's tail and of the closure come over.")
  // One thread submits all tasks, and all threads share what there is to do; the line of the queue's
  // head is with one core at a time.
  return longest(
    submission, share * (submission + execution), line.named("head of the queue"))
}

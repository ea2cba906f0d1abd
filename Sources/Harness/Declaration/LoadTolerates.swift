import Results

/// What experiments tolerate whose parts wait most of the time, for a timer, a link or one another,
/// and wake one another: what else runs on their processors is no part of that. Where a generator
/// sends load, it shows as the generator's lateness, by which a window is judged.
public let loadTolerates: Set<Disturbance> = [.preempted, .shared, .stolen]

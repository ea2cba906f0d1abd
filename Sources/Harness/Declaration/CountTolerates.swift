/// What experiments tolerate whose metric is a count that time is no part of, such as misses of a
/// cache: who else uses the processor makes their signals less precise, and their verdict no less.
public let countTolerates: Set<Disturbance> = Set(Disturbance.allCases)

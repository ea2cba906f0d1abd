import CPerflab

/// Hints to the core that the calling thread spins: this saves power, and leaves more of the core
/// to a sibling thread.
@inlinable @inline(__always)
public func spinHint() { perflab_spin_hint() }

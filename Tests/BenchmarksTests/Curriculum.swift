import Results

/// The groups of the curriculum that experiments may name as their slot.
let curriculum = Set(Curriculum.groups.map(\.id))

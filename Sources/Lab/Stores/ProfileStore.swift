import Rendering
import Results

/// The profiles in a machine's folder: a file an experiment.
struct ProfileStore {
  let folder: String

  private func path(_ id: String) -> String { folder + "/" + PagePath(id: id).profiles }

  /// Nil where the experiment was not profiled yet.
  func loadIfThere(_ id: String) throws(LabError) -> ProfileSet? {
    try StoredJSON.loadIfThere(path(id))
  }

  /// Of all experiments, by their id.
  func all() throws(LabError) -> [String: ProfileSet] {
    var sets: [String: ProfileSet] = [:]
    for area in Files.names(in: folder + "/flame") {
      let names = Files.names(in: folder + "/flame/" + area).map(StoredFile.plain)
      for name in Set(names) where name.hasSuffix(".json") {
        let set: ProfileSet = try StoredJSON.load(folder + "/flame/\(area)/\(name)")
        sets[set.id] = set
      }
    }
    return sets
  }

  /// Puts a profile in the place of the variant's earlier one.
  func keep(_ profile: Profile, of id: String) throws(LabError) {
    var set = try loadIfThere(id) ?? ProfileSet(id: id)
    set.keep(profile)
    try StoredJSON.save(set, to: path(id))
  }
}

import FoundationEssentials
import Rendering
import Results

/// The profiles in a machine's folder: a file an experiment.
struct ProfileStore {
  let folder: String

  private func path(_ id: String) -> String { folder + "/" + PagePath(id: id).profiles }

  /// Nil where the experiment was not profiled yet.
  func loadIfThere(_ id: String) throws(LabError) -> ProfileSet? {
    let path = path(id)
    return Files.exists(path) ? try load(path) : nil
  }

  /// Of all experiments, by their id.
  func all() throws(LabError) -> [String: ProfileSet] {
    var sets: [String: ProfileSet] = [:]
    for area in Files.names(in: folder + "/flame") {
      for name in Files.names(in: folder + "/flame/" + area) where name.hasSuffix(".json") {
        let set = try load(folder + "/flame/\(area)/\(name)")
        sets[set.id] = set
      }
    }
    return sets
  }

  /// Puts a profile in the place of the variant's earlier one.
  func keep(_ profile: Profile, of id: String) throws(LabError) {
    var set = try loadIfThere(id) ?? ProfileSet(id: id)
    set.keep(profile)
    try Files.write(try ResultsStore.encode(set), to: path(id))
  }

  private func load(_ path: String) throws(LabError) -> ProfileSet {
    struct Head: Decodable { let schema: Int }
    let data = Data(try Files.read(path))
    do {
      let head = try JSONDecoder().decode(Head.self, from: data)
      guard head.schema <= ProfileSet.currentSchema else {
        throw LabError.newerSchema(
          path: path, found: head.schema, known: ProfileSet.currentSchema)
      }
      return try JSONDecoder().decode(ProfileSet.self, from: data)
    } catch let error as LabError { throw error } catch {
      throw .damagedResults(path: path, reason: "it is damaged")
    }
  }
}

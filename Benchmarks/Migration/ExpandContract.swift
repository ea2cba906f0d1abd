import Drills
import Harness
import Results

extension Experiment {
  /// A column that becomes two, while old and new code run beside each other.
  static let expandContract = Experiment(
    id: "migration/expand-contract",
    title: "A column becomes two: at once → expand, migrate, contract",
    slot: "migration/performance/blue-green",
    claim: """
      Changed at once, a schema fails the requests of every instance that still has the old \
      code, more than half of all during the release; with both forms side by side but nothing \
      between them no request fails, and a good part of them gets an old name or an old one \
      back: triggers that keep the two in step make them all right.
      """,
    mechanism: """
      Eight instances are replaced one by one, {point} between two of them. At once: the columns \
      are split, and old code asks for a column that is gone. Expanded without more: old code \
      writes `name`, new code `given` and `family`, and each reads its own, so that what one has \
      written the other does not see, and the contraction drops what old code wrote last. With \
      two triggers each write sets both forms in its own transaction. The drill's steps are \
      expand, replace the instances, contract; the first two have a rollback, which is rehearsed \
      before, once also on a disk that has no room for the new columns; the last is the point of \
      no return. Each step enters itself into the database in its own transaction. Once in each \
      process the release is killed at a random write, and once the link to its database is cut at \
      a random step or request, before that is done or behind it. All steps are then gone through \
      again: what is entered there is not done twice.
      """,
    limits: """
      Triggers cost a second write per write as long as both forms live. In PostgreSQL each of \
      these steps needs a `lock_timeout`, since an ALTER that waits blocks all readers behind \
      it. Where the new form can't be computed from the old one (a name without a blank) the \
      expansion has to say what it means. Contract when nobody has the old code any more, \
      background jobs and reports included.
      """,
    diagram: """
      flowchart LR
        s["name"] --> a["split at once: {at once}"]
        s --> e["both forms: {expand alone}"]
        s --> t["both forms, triggers between: {expand, migrate, contract}"]
        a -- "{speedup}" --> t
      """,
    sweep: .count(
      "requests", [20, 100, 400], smoke: 20, label: { "\($0) requests" }),
    metric: .share("requests answered right", lowerIsBetter: false),
    signals: [
      "failed requests", "rows wrong in the end", "rows wrong after the rollback",
      "rows wrong after a full disk", "rows wrong after kill -9", "rows wrong after a cut link",
    ],
    tolerates: loadTolerates, isMirrored: false,
    work: { Work(elements: Double(8 * $0), each: "request") },
    variants: [
      variant("at once", shows: "atOnce", atOnce),
      variant("expand alone", shows: "expandAlone", expandAlone),
      variant("expand, migrate, contract", shows: "keptInStep", keptInStep),
    ],
    model: { question in
      let right: Double =
        switch question.variant {
        // Of eight instances 8, 7 … 1 have the old code.
        case "at once": 1 - 36.0 / 64
        case "expand alone": RollingRelease.rightAnswers(between: question.value)
        default: 1
        }
      return Model(Term<Percent>.exactly(100 * right).named("right answers"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ drill: @escaping @Sendable (RollingRelease) -> Drill
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try RollingRelease($0, drill) }, report: { $0.report },
    run: { release in release.run(drill) })
}

private let columns = """
  ALTER TABLE customers ADD COLUMN given TEXT; ALTER TABLE customers ADD COLUMN family TEXT;
  UPDATE customers SET given = substr(name, 1, instr(name, ' ') - 1),
    family = substr(name, instr(name, ' ') + 1)
  """
private let triggers = """
  CREATE TRIGGER old_writes AFTER UPDATE OF name ON customers BEGIN
    UPDATE customers SET given = substr(NEW.name, 1, instr(NEW.name, ' ') - 1),
      family = substr(NEW.name, instr(NEW.name, ' ') + 1) WHERE id = NEW.id
      AND given || ' ' || family <> NEW.name; END;
  CREATE TRIGGER new_writes AFTER UPDATE OF given, family ON customers BEGIN
    UPDATE customers SET name = NEW.given || ' ' || NEW.family WHERE id = NEW.id
      AND name <> NEW.given || ' ' || NEW.family; END
  """
private let dropTriggers = "DROP TRIGGER old_writes; DROP TRIGGER new_writes"
private let dropNew =
  "ALTER TABLE customers DROP COLUMN given; ALTER TABLE customers DROP COLUMN family"
private let dropOld = "ALTER TABLE customers DROP COLUMN name"

private func atOnce(_ release: RollingRelease) -> Drill {
  Drill(
    "at once",
    [
      release.step("split the column", "\(columns); \(dropOld)", undo: nil),
      release.replaceInstances(),
    ])
}

private func expandAlone(_ release: RollingRelease) -> Drill {
  Drill(
    "expand alone",
    [
      release.step("expand", columns, undo: dropNew), release.replaceInstances(),
      release.step("contract", dropOld, undo: nil),
    ])
}

private func keptInStep(_ release: RollingRelease) -> Drill {
  Drill(
    "expand, migrate, contract",
    [
      release.step("expand", "\(columns); \(triggers)", undo: "\(dropTriggers); \(dropNew)"),
      release.replaceInstances(),
      release.step("contract", "\(dropTriggers); \(dropOld)", undo: nil),
    ])
}

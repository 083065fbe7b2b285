import LineupDatasets
import LineupFormats
import LineupStrictJSON

/// The shape of an experiment file.
enum SpecificationSchema {
  /// A file once `extends`, profiles and command-line settings are applied.
  static let resolved = Record(
    "experiment", "A resolved study.",
    fields: [
      Field("name", .folderName, .required, "The study's name, and the name of its folder among the results."),
      Field("question", .text, "What the study is to answer, in a sentence."),
      Field("data", .record(data), .required, "The data that every arm learns."),
      Field("budget", .record(Budget().record), .required, "What each trial may spend on training."),
      Field(
        "seeds", .list(.seed, count: 1...10_000, order: .unique), .required,
        "One trial of every arm for each seed."),
      Field(
        "arms", .named(.variants(Arm.variants), minimum: 1), .required,
        "The contenders by name, in the order of tables and grids."),
      Field("evaluation", .record(Evaluation().record), .standard([:]), "When and how samples are measured."),
      Field("checkpoints", .record(Checkpoints().record), .standard([:]), "When trials save their state."),
      Field("claims", .anything, "Reserved for claims to be tested: kept with the results, not interpreted yet."),
      Field("search", .anything, "Reserved for searches over settings: kept with the results, not interpreted yet."),
    ])

  /// Members that stand at the top of a file only, in no profile and no `--set`.
  static let topOnly: Set<String> = ["$schema", "extends", "profiles"]

  /// A file as it is written.
  static let file: Record = {
    var record = resolved
    record.title = "Lineup experiment"
    record.summary =
      "A study for `lineup run`: which data, which contenders, what budget, how it is measured. Unknown names are "
      + "errors."
    record.fields =
      [
        Field("$schema", .text, "The schema's address, for editors."),
        Field(
          "extends", .text,
          "Another experiment file, relative to this one, over which this one is laid: objects merge, lists and values "
            + "replace, null removes."),
      ] + record.fields + [
        Field(
          "profiles", .named(.patch, minimum: 0), .standard([:]),
          "Variants by name. Each is laid over the file when `--profile` asks for it, in the same way as extends.")
      ]
    return record
  }()

  private static let data = Record(
    "data", "The data that every arm learns. Only the name is needed.",
    fields: [
      Field(
        "name", .choice(Dataset.all.map(\.name)), .required, "The data set; `lineup data list` shows them all."),
      Field(
        "size", .integer(8...512),
        "The side of the square images in pixels, where it differs from the data's own: padded with black or cropped; "
          + "drawn sets draw at that size."),
      Field("channels", .integer(1...3), "1 for grey, 3 for colour."),
      Field(
        "count", .integer(1...100_000_000),
        "Training images: the first ones of a real set, as many as wanted of a drawn one; of a folder those of each class "
          + "that the seed puts first, in the classes' shares."),
      Field("validationCount", .integer(1...100_000_000), "The same for the validation images."),
      Field("testCount", .integer(1...100_000_000), "The same for the test images."),
      Field("seed", .seed, "The seed of a drawn set, and of the choice of fewer pictures of a folder."),
      Field(
        "path", .text, "The folder of the files, where it is not their package's own, relative to this experiment file."
      ),
      Field("allTrain", .boolean, "Train on the whole training file, the validation images included."),
      Field(
        "background", .either([.text, .list(.integer(0...255), count: 3...3)]),
        "What transparent pictures of a folder lie on: `#rrggbb`, `black`, `white`, or red, green and blue from 0 to 255. "
          + "White where not given."),
      Field("skipBad", .boolean, "Leave files of a folder out that cannot be used, instead of refusing all."),
    ])

}

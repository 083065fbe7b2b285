import LineupFamilies
import LineupLearning
import LineupStrictJSON

/// The experiment file's format, in the two forms that the repository keeps beside it.
package enum ExperimentFileFormat {
  /// `experiments/schema.json`: the JSON Schema (draft 2020-12) that editors check and complete files with.
  package static var jsonSchema: String {
    SchemaText.schema(
      of: SpecificationSchema.file, id: "urn:lineup:experiment-file", topOnly: SpecificationSchema.topOnly
    ).indentedText
  }

  /// `docs/experiment-file.md`: the reference page.
  package static var referencePage: String {
    introduction + "\n" + ReferencePage.tables(of: SpecificationSchema.file)
  }

  private static let introduction = """
    # The experiment file

    <!-- Made by `make docs` from Sources/Studies/Specification. Change it there. -->

    A study is one JSON file. `lineup validate FILE` checks it and names everything that is wrong at once, with file, line
    and column; `lineup plan FILE` says what it would run; `lineup run FILE` runs it. The smallest complete file:

    ```json
    {
      "$schema": "schema.json",
      "name": "first-look",
      "data": { "name": "shapes" },
      "budget": { "flops": 1e11 },
      "seeds": [1, 2],
      "arms": {
        \(Family.exampleArms.replacing("\n", with: "\n    "))
      }
    }
    ```

    It trains two arms with two seeds each: four trials, every one on the same data, in the same order, until it has spent
    the same number of floating-point operations.

    ## Layers

    A file can be laid over another one, and changed for one run. From the weakest to the strongest:

    1. the file that `extends` names, relative to this one;
    2. the file itself;
    3. the profile that `--profile` names. Without `--profile` the file is taken as it stands;
    4. every `--set dotted.path=JSON` of the command line, in their order, such as `--set budget.flops=5e12`,
       `--set arms.gan.r1=0.1` or `--set 'seeds=[1,2,3]'`. A plain word needs no quotes: `--set data.name=shapes`.

    Each is laid over what came before as [RFC 7396](https://www.rfc-editor.org/rfc/rfc7396) has it: objects merge member
    by member; lists and plain values replace what was there; `null` removes a member, so that its default comes back or,
    under `arms`, that arm is dropped. Removing what is not there does nothing.

    ## What is frozen

    At launch every default is written out and the whole is stored beside the results as `specification.json`, which is
    an experiment file itself. Its SHA-256 is taken over a canonical text (members sorted, no white space, numbers in
    their shortest form), so the order of members, spaces and `5e12` against `5000000000000` make no difference, and
    any other change does. A study goes on where it was interrupted only under the same hash.

    Whole numbers are kept exactly up to 64 bits. Names written twice, comments, and commas before a closing bracket are
    errors. Names of studies, profiles and arms become folders, so they are made of small letters, digits and hyphens.

    """
}

import Foundation
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupNetworks
import LineupSupport
import LineupTestSupport
import Testing

@Suite struct PromptTokenizerTests {
  private let marks = "\"bos_token\": \"<|startoftext|>\", \"eos_token\": \"<|endoftext|>\""

  /// A folder with sd1's vocabulary and merges and other files.
  private func tokenizer(_ files: [String: String], without missing: String? = nil) throws -> PromptTokenizer {
    try withTemporaryFolder { folder in
      for name in ["vocab.json", "merges.txt"] where name != missing && files[name] == nil {
        try FileManager.default.copyItem(
          atPath: Fixtures.checkpoint("sd1") + "/tokenizer/" + name, toPath: folder + "/" + name)
      }
      for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
      return try PromptTokenizer(folder: folder)
    }
  }

  private func problem(_ files: [String: String], without missing: String? = nil) -> Fault? {
    do { _ = try tokenizer(files, without: missing) } catch { return error as? Fault }
    return nil
  }

  /// Both layouts of one vocabulary give the same numbers apart from padding.
  @Test func bothLayoutsAreRead() throws {
    let lists = try PromptTokenizer(folder: Fixtures.checkpoint("sd1") + "/tokenizer")
    let whole = try PromptTokenizer(folder: Fixtures.checkpoint("sd2") + "/tokenizer")
    #expect(lists.maximumLength == 77 && whole.maximumLength == 77)
    #expect(lists.tokens.merges == whole.tokens.merges && lists.tokens.vocabulary == whole.tokens.vocabulary)
    #expect(
      lists.tokens.encode("a photo of a cat", length: 12) == [549, 320, 515, 516, 320, 518]
        + [Int32](repeating: 550, count: 6))
    #expect(whole.tokens.padding == 0)
    // The padding token is a token of its own wherever it stands.
    #expect(lists.tokens.encode("a cat!") == [320, 518, 256] && whole.tokens.encode("a cat!") == [320, 518, 0])
  }

  /// As transformers has it: the map wins over the configuration, unless that lists the added tokens itself.
  @Test func filesThatDisagreeAreReadAsTransformersDoes() throws {
    let configuration = "{\(marks), \"pad_token\": \"<|endoftext|>\", \"model_max_length\": 77}"
    let map = "{\"pad_token\": {\"content\": \"!\", \"normalized\": false}}"
    let files = ["tokenizer_config.json": configuration, "special_tokens_map.json": map]
    #expect(try tokenizer(files).tokens.padding == 0)
    let listing = """
      {\(marks), "pad_token": "<|endoftext|>", "added_tokens_decoder": {"549": {"content": "<|startoftext|>",
      "normalized": true, "special": true}, "551": {"content": "<New>", "special": false}}}
      """
    let listed = try tokenizer(["tokenizer_config.json": listing, "special_tokens_map.json": map])
    #expect(listed.tokens.padding == 550 && listed.maximumLength == nil)
    #expect(listed.tokens.encode("<|StartOfText|> <new>") == [549, 551])
    let plain = try tokenizer(["added_tokens.json": "{\"<New>\": 551}", "tokenizer_config.json": "{}"])
    #expect(plain.tokens.encode("<new>") == [551] && plain.tokens.padding == 550)
    #expect(plain.tokens.encode("<|endoftext|>") == [550])
    // In another letter case a mark is text, in three pieces.
    #expect(
      plain.tokens.encode("<|EndOfText|>!") == [27, 347, 68, 77, 519, 69, 83, 68, 87, 339, 91, 285, 256])
  }

  @Test func mergesMayBePairsOrTextsAndLinesMayEndInTwoCharacters() throws {
    let pairs = "[[\"a\", \"b</w>\"]]"
    let texts = "[\"a b</w>\"]"
    for merges in [pairs, texts] {
      let vocabulary = "{\"a\": 0, \"b</w>\": 1, \"ab</w>\": 2, \"<|startoftext|>\": 3, \"<|endoftext|>\": 4}"
      let text = "{\"model\": {\"type\": \"BPE\", \"vocab\": \(vocabulary), \"merges\": \(merges)}}"
      #expect(try tokenizer(["tokenizer.json": text]).tokens.encode("ab") == [2])
    }
    let lines = "#version: 0.2\r\nd o\r\ndo g</w>\r\n"
    #expect(try tokenizer(["merges.txt": lines]).tokens.merges == [.init("d", "o"), .init("do", "g</w>")])
  }

  @Test func whatIsWrongIsNamed() {
    #expect(
      problem([:], without: "merges.txt")?.description.contains("merges.txt: cannot be read: there is no such file")
        == true)
    let cases: [(name: String, text: String, words: [String])] = [
      ("vocab.json", "[]", ["vocab.json:1:1", "an object"]),
      ("vocab.json", "{\"a\": 1}", ["merges.txt, merge 1"]),
      ("merges.txt", "a b c\n", ["merges.txt, line 1", "\"a b c\"", "two tokens and a space"]),
      ("merges.txt", "d o\nq zz\nqq z\n", ["merges.txt, merge 2", "\"q zz\", and 1 more such merges"]),
      ("tokenizer_config.json", "{", ["tokenizer_config.json:1:2", "the end of the file"]),
      ("tokenizer_config.json", "{\"model_max_length\": \"77\"}", ["model_max_length", "a number"]),
      ("tokenizer_config.json", "{\"model_max_length\": 2}", ["model_max_length", "2.0", "a whole number from 3"]),
      ("tokenizer_config.json", "{\"pad_token\": \"<pad>\"}", ["pad_token", "\"<pad>\", which has no number"]),
      ("tokenizer_config.json", "{\"pad_token\": {}}", ["pad_token/content", "nothing"]),
      ("tokenizer_config.json", "{\"bos_token\": \"<s>\"}", ["bos_token", "\"<s>\"", "<|startoftext|>"]),
      (
        "tokenizer_config.json", "{\"pad_token\": {\"content\": \"!\", \"lstrip\": true}}",
        ["pad_token/lstrip", "false"]
      ),
      ("tokenizer.json", "{\"model\": {\"type\": \"Unigram\"}}", ["tokenizer.json:1:12, /model/type", "\"BPE\""]),
    ]
    for (name, text, words) in cases {
      let message = problem([name: text])?.description ?? "no error"
      for word in words { #expect(message.contains(word), "\(name) \(text): \(message)") }
    }
  }

  @Test func anEmptyFolderSaysWhatIsMissing() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: Fault.self) { try PromptTokenizer(folder: folder) }
      #expect(error?.description.contains("neither tokenizer.json nor vocab.json and merges.txt") == true)
    }
  }
}

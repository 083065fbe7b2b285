import Foundation

/// A prompt of AUTOMATIC1111's program, with the words in it that are commands there and would be letters here.
struct A1111Prompt {
  /// Without the tags of further networks, which that program takes out too.
  private(set) var text: String
  private(set) var unheeded: [UnheededSetting] = []

  init(_ prompt: String) {
    text = prompt
    takeTags()
    findWords()
    findSchedules()
  }

  /// `<lora:NAME:WEIGHT>` and its like.
  private mutating func takeTags() {
    while let tag = text.firstMatch(of: #/<(\w+):([^<>]+)>/#) {
      let (kind, parts) = (tag.output.1.lowercased(), tag.output.2.split(separator: ":").map(String.init))
      let scale = parts.count == 1 ? 1 : parts.count == 2 ? Float(parts[1]) : nil
      if kind == "lora" || kind == "lyco", let name = parts.first, let scale, scale.isFinite {
        unheeded.append(
          UnheededSetting(
            String(tag.output.0), "an adapter; give its file with --lora, of the name \(name).safetensors",
            remedy: .adapter(name: name, scale: scale)))
      } else {
        unheeded.append(UnheededSetting(String(tag.output.0), "a further network of a kind that is not known here"))
      }
      text.replaceSubrange(tag.range, with: "")
    }
    if !unheeded.isEmpty { text = text.trimmingCharacters(in: .whitespaces) }
  }

  private mutating func findWords() {
    for (word, reason) in [
      ("BREAK", "begins a new piece of the prompt there, and is a word here"),
      ("AND", "makes several prompts of one there, and is a word here"),
    ] where text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }).contains(Substring(word)) {
      unheeded.append(UnheededSetting(word, reason))
    }
  }

  /// `[from:to:when]`, `[to:when]` and `[one|other]`: square brackets that change the prompt during the steps.
  private mutating func findSchedules() {
    let letters = Array(text)
    var open: [Int] = []
    var place = 0
    while place < letters.count {
      switch letters[place] {
      case "\\": place += 1
      case "[": open.append(place)
      case "]":
        guard let begin = open.popLast() else { break }
        let content = letters[begin + 1..<place]
        let parts = content.split(separator: ":", omittingEmptySubsequences: false)
        let last = String(parts.last ?? []).trimmingCharacters(in: .whitespaces)
        if content.contains("|") || (parts.count > 1 && Double(last) != nil) {
          unheeded.append(
            UnheededSetting(String(letters[begin...place]), "changes the prompt during the steps there, not here"))
        }
      default: break
      }
      place += 1
    }
  }
}

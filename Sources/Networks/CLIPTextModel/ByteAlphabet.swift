/// The printable character that stands for each byte in byte-level vocabularies, and the way back.
///
/// Bytes 33–126, 161–172 and 174–255 are written as themselves; the other 68, in ascending order, as U+0100 and onwards,
/// so that no token holds a space or a control character. (Radford et al. 2019, the vocabulary files of GPT-2 and CLIP.)
enum ByteAlphabet {
  /// The bytes in the order in which vocabularies list them: those written as themselves first.
  static let order: [UInt8] = {
    let plain = Array(33...126) + Array(161...172) + Array(174...255)
    let rest = (0...255).filter { !plain.contains($0) }
    return (plain + rest).map { UInt8($0) }
  }()

  /// The character for each byte.
  static let characters: [Character] = {
    var table = [Character](repeating: " ", count: 256)
    for (place, byte) in order.enumerated() {
      let code = place < 188 ? UInt32(byte) : 256 + UInt32(place - 188)
      table[Int(byte)] = Character(Unicode.Scalar(code)!)
    }
    return table
  }()

  /// The byte for each scalar that is one of the characters.
  static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: (0...255).map { (characters[$0].unicodeScalars.first!, UInt8($0)) })
}

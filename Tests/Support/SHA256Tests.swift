import LineupSupport
import Testing

/// The example messages published with FIPS 180-4, and pieces of odd sizes.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedVectors(message: String, digest: String) {
    #expect(SHA256.hexadecimalDigest(of: message) == digest)
  }

  @Test func aMillionLettersInUnevenPieces() {
    var hash = SHA256()
    var left = 1_000_000
    var piece = 1
    while left > 0 {
      let length = min(piece, left)
      hash.update([UInt8](repeating: UInt8(ascii: "a"), count: length))
      left -= length
      piece = piece * 7 % 1000 + 1
    }
    #expect(hash.hexadecimalDigest() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}

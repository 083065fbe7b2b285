/// The blur effect (Crété et al. 2007): how little an image changes when it is blurred once more.
extension GreyImage {
  /// 0 for a sharp image, 1 for one that a box of `box` pixels no longer changes (a constant one included).
  ///
  /// Along each axis the image is blurred by a running mean, |Sobel| before and after are compared away from the
  /// border, and the worse axis counts. The borders repeat the edge. Box 11 is the usual one; 28 to 32 pixels want 3.
  package func blurEffect(box: Int) -> Double {
    precondition(box % 2 == 1, "the blurring box has an odd length, not \(box)")
    return max(blurEffect(box: box, alongRows: false), blurEffect(box: box, alongRows: true))
  }

  private func blurEffect(box: Int, alongRows: Bool) -> Double {
    let mean = [Double](repeating: 1 / Double(box), count: box)
    let sharp = sobel(alongRows: alongRows)
    let blurred = filtered(mean, alongRows: alongRows, border: .symmetric).sobel(alongRows: alongRows)
    var total = 0.0
    var lost = 0.0
    for row in 2..<height - 1 {
      for column in 2..<width - 1 {
        // The floor keeps 0/0 from happening: an image without any edge is as blurred as can be.
        let before = max(abs(sharp[row, column]), .ulpOfOne)
        let after = max(abs(blurred[row, column]), .ulpOfOne)
        total += before
        lost += max(0, before - after)
      }
    }
    return abs(total - lost) / total
  }

  private func sobel(alongRows: Bool) -> GreyImage {
    let derivative = [0.5, 0, -0.5]
    let smoothing = [0.25, 0.5, 0.25]
    return filtered(
      vertical: alongRows ? smoothing : derivative, horizontal: alongRows ? derivative : smoothing, border: .symmetric)
  }
}

/// The candidate that `name` was most probably meant to be, or nil where none is close.
///
/// Close means at most one slip for every three letters, counting inserted, dropped, replaced and swapped letters and
/// ignoring case, hyphens and underscores; or that one name begins with the other.
package func nearestName(to name: String, among candidates: [String]) -> String? {
  let plain = simplified(name)
  let ranked = candidates.map { (candidate: $0, distance: editDistance(plain, simplified($0))) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  if best.distance <= max(1, max(plain.count, best.candidate.count) / 3) { return best.candidate }
  guard plain.count >= 3 else { return nil }
  return candidates.first { simplified($0).starts(with: plain) || plain.starts(with: simplified($0)) }
}

private func simplified(_ name: String) -> [Character] {
  Array(name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " })
}

/// The least number of inserted, dropped, replaced or swapped neighbouring letters that turns `left` into `right`.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for i in 1...left.count {
    var current = [i]
    for j in 1...right.count {
      let replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
      var best = min(replaced, previous[j] + 1, current[j - 1] + 1)
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        best = min(best, beforePrevious[j - 2] + 1)
      }
      current.append(best)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}

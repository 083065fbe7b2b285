import Foundation

/// The regularised incomplete beta function I_x(a, b), by Lentz's evaluation of its continued fraction.
func regularisedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  // The fraction converges quickly on one side of the mean; the other side follows from the symmetry.
  if x > (a + 1) / (a + b + 2) { return 1 - regularisedBeta(1 - x, b, a) }
  let logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
  let tiny = 1e-300
  func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / away(1 - (a + b) * x / (a + 1))
  var fraction = d
  for step in 1...500 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return exp(logFront) * fraction / a
}

/// ln Γ(x) for x > 0.
func logGamma(_ x: Double) -> Double { lgamma(x) }

/// ln of the binomial coefficient.
func logChoose(_ n: Int, _ k: Int) -> Double {
  logGamma(Double(n + 1)) - logGamma(Double(k + 1)) - logGamma(Double(n - k + 1))
}

/// The x in a range at which a growing function reaches a value, by bisection to the last bit.
func solve(for target: Double, in range: ClosedRange<Double>, _ growing: (Double) -> Double) -> Double {
  var (low, high) = (range.lowerBound, range.upperBound)
  for _ in 0..<200 {
    let middle = 0.5 * (low + high)
    if middle <= low || middle >= high { break }
    if growing(middle) < target { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}

/// P(|T| > t) for Student's t with `degrees` degrees of freedom.
func studentTwoSided(_ t: Double, degrees: Double) -> Double {
  regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/// P(Z > z) for a standard normal variable.
func normalUpperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

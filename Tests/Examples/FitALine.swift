import LineupEngine

struct Line: Layer {
  var slope = Tensor(0)
  var intercept = Tensor(0)

  func callAsFunction(_ input: Tensor) -> Tensor { input * slope + intercept }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.parameter("slope", &slope)
    visitor.parameter("intercept", &intercept)
  }
}

/// Fits a line and gives it and the copy that was read from `file`.
func fitALine(file: String) throws -> (line: Line, copy: Line) {
  var random = RandomStream(seed: 1)
  let inputs = random.normal([64])
  let targets = inputs * 3 + 1
  var line = Line()
  for _ in 0..<200 {
    let (_, gradient) = valueAndGradient(of: &line) { line in square(line(inputs) - targets).mean() }
    var directions = gradient.tensors[...]
    line.forEachParameter { _, parameter in parameter -= directions.removeFirst() * 0.1 }
  }
  print(line.slope.scalar, line.intercept.scalar)

  try Checkpoint.write(&line, to: file)
  var copy = Line()
  try Checkpoint.read(into: &copy, from: file)
  return (line, copy)
}

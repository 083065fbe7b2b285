import LineupNetworks
import LineupTensors
import Testing

/// The number of tensors that reflection finds in a value, at any depth.
package func reflectedTensorCount(_ value: Any) -> Int {
  if value is Tensor { return 1 }
  return Mirror(reflecting: value).children.reduce(0) { $0 + reflectedTensorCount($1.value) }
}

/// Records an issue unless a module's walk shows every stored tensor exactly once, under distinct names.
package func expectCompleteWalk(_ module: some Module, sourceLocation: SourceLocation = #_sourceLocation) {
  let names = module.tensors.map(\.name)
  #expect(names.count == reflectedTensorCount(module), "of \(type(of: module))", sourceLocation: sourceLocation)
  #expect(Set(names).count == names.count, "of \(type(of: module))", sourceLocation: sourceLocation)
}

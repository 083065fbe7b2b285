import LineupTensors

/// A value that owns parameters and shows them, one by one, to a visitor.
///
/// Modules are structures. `visit(_:)` names every stored parameter, buffer, counter and child once; training,
/// checkpoints, averages and summaries are all written against that single walk.
public protocol Module: Sendable {
  mutating func visit(_ visitor: inout some ModuleVisitor)
}

/// A module that maps one tensor to another.
public protocol Layer: Module {
  func callAsFunction(_ input: Tensor) -> Tensor
}

/// Whatever walks over a module: it sees each stored value under its property name and may change it.
public protocol ModuleVisitor {
  /// A tensor that training changes along gradients.
  mutating func parameter(_ name: String, _ value: inout Tensor)
  /// A tensor that is state but no parameter: running statistics, moments, averages.
  mutating func buffer(_ name: String, _ value: inout Tensor)
  /// Exact integer state: step counters, cursors, ledgers.
  mutating func integer(_ name: String, _ value: inout Int)
  /// Brackets around the values of a child.
  mutating func enter(_ name: String)
  mutating func leave()
}

extension ModuleVisitor {
  /// Nothing, for visitors that do not look at parameters.
  public mutating func parameter(_ name: String, _ value: inout Tensor) {}
  /// Nothing, for visitors that do not look at buffers.
  public mutating func buffer(_ name: String, _ value: inout Tensor) {}
  /// Nothing, for visitors that do not look at integers.
  public mutating func integer(_ name: String, _ value: inout Int) {}
  /// Nothing, for visitors that need no names.
  public mutating func enter(_ name: String) {}
  /// Nothing, for visitors that need no names.
  public mutating func leave() {}

  /// A part of the module, named after its property.
  public mutating func child(_ name: String, _ module: inout some Module) {
    enter(name)
    module.visit(&self)
    leave()
  }

  /// A part that may be missing.
  public mutating func child(_ name: String, _ module: inout (some Module)?) {
    if module != nil { child(name, &module!) }
  }

  /// Parts in a row, named by their index.
  public mutating func children(_ name: String, _ modules: inout [some Module]) {
    enter(name)
    for index in modules.indices { child(String(index), &modules[index]) }
    leave()
  }

  /// A parameter that may be missing.
  public mutating func parameter(_ name: String, _ value: inout Tensor?) {
    if value != nil { parameter(name, &value!) }
  }

  /// A buffer that may be missing.
  public mutating func buffer(_ name: String, _ value: inout Tensor?) {
    if value != nil { buffer(name, &value!) }
  }
}

/// A visitor's place in the walk, as flat dotted names such as `blocks.3.shortcut.weight`.
package struct NamePath: Sendable {
  private var parts: [String] = []

  /// The root of the walk.
  package init() {}
  /// Goes into a child.
  package mutating func enter(_ name: String) { parts.append(name) }
  /// Goes back to the parent.
  package mutating func leave() { parts.removeLast() }

  /// The full name of a value here.
  package func name(_ last: String) -> String { (parts + [last]).joined(separator: ".") }
}

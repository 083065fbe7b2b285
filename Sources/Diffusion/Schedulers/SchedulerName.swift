/// The schedulers, by the names that users choose them with.
public enum SchedulerName: String, Sendable, Codable, CaseIterable {
  case ddim
  case ddpm
  case pndm
  case euler
  case eulerAncestral = "euler-a"
  case heun
  case dpmSolver = "dpm++2m"
  case dpmSolverSDE = "dpm++2m-sde"
  case unipc
  case lcm

  /// diffusers' class, as a file's `_class_name` has it.
  public var className: String {
    switch self {
    case .ddim: "DDIMScheduler"
    case .ddpm: "DDPMScheduler"
    case .pndm: "PNDMScheduler"
    case .euler: "EulerDiscreteScheduler"
    case .eulerAncestral: "EulerAncestralDiscreteScheduler"
    case .heun: "HeunDiscreteScheduler"
    case .dpmSolver, .dpmSolverSDE: "DPMSolverMultistepScheduler"
    case .unipc: "UniPCMultistepScheduler"
    case .lcm: "LCMScheduler"
    }
  }

  /// The scheduler of a class; for DPM-Solver++ the deterministic one, which a file's `algorithm_type` may overrule.
  init?(className: String) {
    guard let name = Self.allCases.first(where: { $0.className == className }) else { return nil }
    self = name
  }

  /// Whether the class can take the noise levels of Karras et al. 2022.
  public var takesKarras: Bool {
    switch self {
    case .euler, .heun, .dpmSolver, .dpmSolverSDE, .unipc: true
    case .ddim, .ddpm, .pndm, .eulerAncestral, .lcm: false
    }
  }
}

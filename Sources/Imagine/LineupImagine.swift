// The product: pictures drawn with published Stable Diffusion checkpoints.
@_exported import LineupDiffusion
@_exported import LineupEngine

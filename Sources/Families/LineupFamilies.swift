// The product: learners of generative models, the parts to write others with, and data to train them on.
@_exported import LineupDatasets
@_exported import LineupDiffusion
@_exported import LineupEngine
@_exported import LineupLearning

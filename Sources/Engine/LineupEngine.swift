// The product: tensors with their derivatives, layers and networks, and the files that they are stored in.
@_exported import LineupFormats
@_exported import LineupNetworks
@_exported import LineupSupport
@_exported import LineupTensors

// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled alike: Swift 6 mode, explicit existentials, imports that say where a member is from.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], resources: resources, swiftSettings: settings)
}

let package = Package(
  name: "Lineup",
  products: [.executable(name: "lineup", targets: ["lineup"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // System libraries and C.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CHDF5System", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEGSystem", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    .systemLibrary(name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .target(name: "CHDF5", dependencies: ["CHDF5System"], linkerSettings: [.linkedLibrary("hdf5_hl")]),
    .target(name: "CJPEG", dependencies: ["CJPEGSystem"]),
    .target(name: "CKernels"),

    // The engine.
    module("Kernels", ["CKernels", "COpenBLAS"]),
    module("Tensors", ["Kernels"]),
    module("Layers", ["Tensors"]),
    module("StrictJSON", [.product(name: "OrderedCollections", package: "swift-collections")]),
    module("Training", ["Layers", "Kernels", "StrictJSON"]),

    // Data, records, measurements.
    module("Datasets", ["Tensors", "CPNG", "CJPEG", "CZlib", "CGIF", "CFreeType"]),
    module("RunRecords", ["CHDF5"]),
    module("FeatureNetworks", ["Training"], resources: [.copy("Resources")]),
    module("Measurements", ["Datasets", "Tensors", "COpenBLAS"]),

    // The families.
    module("DiffusionProcess", ["Tensors"]),
    module("AdversarialModels", ["FeatureNetworks", "Training"]),
    module("VariationalModels", ["FeatureNetworks", "Training", "StrictJSON"]),
    module("PixelDiffusion", ["DiffusionProcess", "FeatureNetworks", "Training"]),
    module(
      "LatentDiffusion", ["DiffusionProcess", "VariationalModels", "FeatureNetworks", "Training", "StrictJSON"]),

    // Published checkpoints.
    module(
      "StableDiffusion",
      [
        "LatentDiffusion", "VariationalModels", "DiffusionProcess", "Datasets", "Training", "Layers", "Tensors",
        "Kernels", "StrictJSON",
      ]),

    // Experiments, measurements of speed, and the command line.
    module(
      "Experiments",
      [
        "AdversarialModels", "VariationalModels", "PixelDiffusion", "LatentDiffusion", "StableDiffusion",
        "Measurements", "RunRecords", "Datasets", "DiffusionProcess", "Training", "Tensors", "StrictJSON",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    module(
      "Benchmarking",
      [
        "AdversarialModels", "VariationalModels", "PixelDiffusion", "LatentDiffusion", "DiffusionProcess", "Training",
        "Layers", "Tensors", "Kernels",
      ]),
    .executableTarget(
      name: "lineup",
      dependencies: [
        "Benchmarking", "Experiments", "StableDiffusion", "LatentDiffusion", "VariationalModels", "DiffusionProcess",
        "Datasets", "Training", "Tensors", "Kernels", "StrictJSON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "lineup-bench",
      dependencies: [
        "Experiments", "Kernels", "Layers", "RunRecords", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/kernels", swiftSettings: settings),

    // Tests.
    .target(name: "TestSupport", dependencies: ["Layers"], path: "Tests/TestSupport", swiftSettings: settings),
    tests("KernelsTests", ["Kernels"]),
    tests("TensorsTests", ["Tensors"]),
    tests("LayersTests", ["Layers"]),
    tests("TrainingTests", ["Training"]),
    tests("DatasetsTests", ["Datasets"]),
    tests("RunRecordsTests", ["RunRecords"]),
    tests("MeasurementsTests", ["Measurements", "Datasets", "Tensors"]),
    tests("DiffusionProcessTests", ["DiffusionProcess"]),
    tests(
      "FamilyTests",
      [
        "AdversarialModels", "VariationalModels", "PixelDiffusion", "LatentDiffusion", "Datasets",
        "FeatureNetworks", "Measurements", "Training",
      ],
      resources: [.copy("Fixtures")]),
    tests("ExperimentsTests", ["Experiments", "RunRecords", "Datasets", "Tensors", "StrictJSON"]),
    tests(
      "BenchmarkingTests",
      [
        "Benchmarking", "LatentDiffusion", "PixelDiffusion", "VariationalModels", "Training", "Layers", "Tensors",
        "StrictJSON",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      "StableDiffusionTests",
      [
        "StableDiffusion", "LatentDiffusion", "VariationalModels", "DiffusionProcess", "Datasets", "Training", "Layers",
        "Tensors", "StrictJSON",
      ],
      resources: [.copy("Fixtures")]),
    tests("CommandLineTests", ["Experiments", "Datasets", "Training", "Tensors", "StrictJSON"]),
  ]
)

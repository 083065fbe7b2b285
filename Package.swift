// swift-tools-version: 6.2
import PackageDescription

// SwiftPM wants target names that are unique over all packages, so every target is `Lineup…`; the folders keep their
// short names.

/// Every Swift target is compiled alike: Swift 6 mode, explicit existentials, imports that say where a member is from.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The target `LineupNAME` in `Sources/NAME`.
func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(
    name: "Lineup\(name)", dependencies: dependencies, path: "Sources/\(name)", resources: resources,
    swiftSettings: settings)
}

/// The target `CLineupNAME` in `Sources/CNAME`: a module map over a system library.
func library(_ name: String, package: String..., pkgConfig: String? = nil) -> Target {
  .systemLibrary(
    name: "CLineup\(name)", path: "Sources/C\(name)", pkgConfig: pkgConfig, providers: [.apt(package)])
}

/// The target `CLineupNAME` in `Sources/CNAME`: C of our own.
func c(_ name: String, _ dependencies: [Target.Dependency] = [], linking libraries: [String] = []) -> Target {
  .target(
    name: "CLineup\(name)", dependencies: dependencies, path: "Sources/C\(name)",
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// The program `lineup-example-name` in `Examples/NAME`. It sees what a package elsewhere would see.
func example(_ name: String, _ product: Target.Dependency) -> Target {
  .executableTarget(
    name: "lineup-example-\(name.lowercased())", dependencies: [product], path: "Examples/\(name)",
    packageAccess: false, swiftSettings: settings)
}

/// The target `LineupNAMETests` in `Tests/NAME`.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "Lineup\(name)Tests", dependencies: dependencies + ["LineupTestSupport"], path: "Tests/\(name)",
    resources: resources, swiftSettings: settings)
}

let algorithms = Target.Dependency.product(name: "Algorithms", package: "swift-algorithms")
let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Lineup",
  products: [
    .library(name: "LineupEngine", targets: ["LineupEngine"]),
    .library(name: "LineupFamilies", targets: ["LineupFamilies"]),
    .library(name: "LineupImagine", targets: ["LineupImagine"]),
    .executable(name: "lineup", targets: ["lineup"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // System libraries and C.
    library("OpenBLAS", package: "libopenblas-dev", pkgConfig: "openblas"),
    library("HDF5System", package: "libhdf5-dev", pkgConfig: "hdf5-serial"),
    library("PNGSystem", package: "libpng-dev", pkgConfig: "libpng"),
    library("JPEGSystem", package: "libjpeg62-turbo-dev", pkgConfig: "libjpeg"),
    library("Zlib", package: "zlib1g-dev", pkgConfig: "zlib"),
    library("GIF", package: "libgif-dev"),
    library("WebP", package: "libwebp-dev", pkgConfig: "libwebpdemux"),
    library("FreeType", package: "libfreetype-dev", pkgConfig: "freetype2"),
    library("CMark", package: "libcmark-gfm-dev", "libcmark-gfm-extensions-dev", pkgConfig: "libcmark-gfm"),
    c("HDF5", ["CLineupHDF5System"], linking: ["hdf5_hl"]),
    c("JPEG", ["CLineupJPEGSystem"]),
    c("PNG", ["CLineupPNGSystem"]),
    c("Kernels"),
    c("Start"),

    // What everything stands on.
    module("Support", []),
    module("StrictJSON", ["LineupSupport", collections]),

    // The engine.
    module("Kernels", ["CLineupKernels", "CLineupOpenBLAS"]),
    module("Tensors", ["LineupKernels"]),
    module("Networks", ["LineupTensors", "LineupStrictJSON", "LineupSupport"]),
    module(
      "Formats",
      [
        "LineupNetworks", "LineupStrictJSON", "LineupSupport", "CLineupPNG", "CLineupPNGSystem", "CLineupJPEG",
        "CLineupWebP", "CLineupZlib", "CLineupGIF", "CLineupFreeType",
        algorithms,
      ]),
    module("Engine", ["LineupFormats", "LineupSupport"]),
    module("Learning", ["LineupFormats"]),
    module("Diffusion", ["LineupFormats", algorithms]),

    // Data, records, measurements.
    module("Datasets", ["LineupFormats"]),
    module("RunRecords", ["CLineupHDF5", "LineupSupport"]),
    module("FeatureNetworks", ["LineupLearning", algorithms], resources: [.copy("Resources")]),
    module("Measurements", ["LineupDatasets", "CLineupOpenBLAS", algorithms]),

    // The families.
    module("Families", ["LineupDatasets", "LineupDiffusion", "LineupEngine", "LineupFeatureNetworks", algorithms]),

    // Published checkpoints.
    module("Imagine", ["LineupFamilies"]),

    // Studies, their reports, measurements of speed, and the command line.
    module("Studies", ["LineupFamilies", "LineupImagine", "LineupMeasurements", "LineupRunRecords", algorithms]),
    module("Reports", ["LineupStudies", "CLineupCMark"]),
    module("Benchmarking", ["LineupFamilies"]),
    .executableTarget(
      name: "lineup", dependencies: ["LineupBenchmarking", "LineupReports", "CLineupStart", arguments],
      swiftSettings: settings),
    .executableTarget(
      name: "lineup-bench", dependencies: ["LineupReports", arguments], path: "Benchmarks/kernels",
      swiftSettings: settings),

    // Programs on the library products.
    example("GAN", "LineupFamilies"),
    example("Mixture", "LineupFamilies"),
    example("Draw", "LineupImagine"),

    // Tests.
    .target(
      name: "LineupTestSupport", dependencies: ["LineupNetworks"], path: "Tests/TestSupport", swiftSettings: settings),
    tests("Support", ["LineupSupport"]),
    tests("StrictJSON", ["LineupStrictJSON"]),
    tests("Kernels", ["LineupKernels"]),
    tests("Tensors", ["LineupTensors"]),
    tests("Networks", ["LineupFormats"], resources: [.copy("Fixtures")]),
    tests("Formats", ["LineupLearning", "CLineupZlib"], resources: [.copy("Fixtures")]),
    tests("Learning", ["LineupLearning"], resources: [.copy("Fixtures")]),
    tests("Datasets", ["LineupDatasets", "CLineupZlib"]),
    tests("RunRecords", ["LineupRunRecords"], resources: [.copy("Hostile")]),
    tests("Measurements", ["LineupMeasurements"]),
    tests("Diffusion", ["LineupDiffusion", "LineupImagine"], resources: [.copy("Fixtures")]),
    tests("Families", ["LineupFamilies", "LineupDatasets", "LineupMeasurements"], resources: [.copy("Fixtures")]),
    tests("Studies", ["LineupReports"]),
    tests("Reports", ["LineupReports"]),
    tests("Benchmarking", ["LineupBenchmarking"], resources: [.copy("Fixtures")]),
    tests("Imagine", ["LineupImagine"], resources: [.copy("Fixtures")]),
    tests("Acceptance", ["LineupReports"]),
    tests("Extending", ["LineupReports", arguments]),
    // What a package elsewhere could do, and no more.
    .testTarget(
      name: "LineupExamplesTests", dependencies: ["LineupFamilies", "LineupImagine"], path: "Tests/Examples",
      packageAccess: false, swiftSettings: settings),
  ]
)

// swift-tools-version: 6.2
import PackageDescription

// A package elsewhere, as a user of the library products writes one: `make test-products` builds and runs it.
let package = Package(
  name: "Outside",
  dependencies: [.package(name: "Lineup", path: "../..")],
  targets: [
    .executableTarget(
      name: "outside",
      dependencies: [
        .product(name: "LineupEngine", package: "Lineup"),
        .product(name: "LineupFamilies", package: "Lineup"),
        .product(name: "LineupImagine", package: "Lineup"),
      ],
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  ]
)

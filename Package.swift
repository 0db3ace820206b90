// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target. A misspelt feature would be ignored in silence: `Sources/KubernetesModel/Features.swift`
/// turns that into an error.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Settings of the targets that wrap a C library.
let wrapping: [SwiftSetting] = settings + [.strictMemorySafety()]

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

let package = Package(
    name: "virt-node",
    products: [.executable(name: "virt-node", targets: ["virt-node"])],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "CLibvirt", pkgConfig: "libvirt-qemu", providers: [.apt(["libvirt-dev"])]),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(
            name: "CSandbox", pkgConfig: "libseccomp", providers: [.apt(["libcap-dev", "libseccomp-dev"])]),
        .target(name: "KubernetesModel", dependencies: [yams], swiftSettings: settings),
        .target(name: "KubeVirtModel", dependencies: ["KubernetesModel"], swiftSettings: settings),
        .target(name: "DomainModel", swiftSettings: settings),
        .target(
            name: "HostModel", dependencies: [subprocess, system], exclude: ["Payload"], swiftSettings: settings),
        .target(name: "Placement", dependencies: ["HostModel"], swiftSettings: settings),
        .target(
            name: "HostDevices", dependencies: ["HostModel", "Placement", subprocess, system], swiftSettings: settings),
        .target(
            name: "DomainPlan",
            dependencies: ["KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "Placement"],
            swiftSettings: settings),
        .target(name: "Libvirt", dependencies: ["CLibvirt"], swiftSettings: wrapping),
        .target(name: "Sandbox", dependencies: ["CSandbox", system], swiftSettings: wrapping),
        .target(
            name: "Images", dependencies: ["CArchive", "Sandbox", crypto, subprocess, system], swiftSettings: wrapping),
        .target(
            name: "Disks",
            dependencies: [
                "KubernetesModel", "KubeVirtModel", "DomainModel", "DomainPlan", "Images", "Sandbox", subprocess,
                system,
            ],
            swiftSettings: settings),
        .target(
            name: "Networks", dependencies: ["KubernetesModel", "KubeVirtModel", "DomainModel", "DomainPlan"],
            swiftSettings: settings),
        .target(
            name: "KubernetesAPI",
            dependencies: [
                "KubernetesModel", httpClient, logging, nioCore, nioHTTP, nioSSL, subprocess, system,
            ],
            swiftSettings: settings),
        .target(
            name: "Serving",
            dependencies: [
                asn1, hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore, nioHTTP, nioPosix, nioSSL,
                nioWebSocket, system, x509,
            ],
            swiftSettings: settings),
        .target(
            name: "LocalAPI",
            dependencies: [
                "KubernetesModel", "KubeVirtModel", "Serving", asn1, crypto, grdb, hummingbird, httpTypes, lifecycle,
                logging, nioCore, system, x509,
            ],
            swiftSettings: settings),
        .target(
            name: "NodeAgent",
            dependencies: [
                "KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "Placement", "HostDevices",
                "DomainPlan",
                "Libvirt", "Sandbox", "Images", "Disks", "Networks", "KubernetesAPI", "Serving", "LocalAPI",
                hummingbird,
                httpTypes, lifecycle, logging, nioCore, subprocess, system,
            ], swiftSettings: settings),
        .executableTarget(
            name: "virt-node",
            dependencies: [
                "KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "Placement", "HostDevices",
                "DomainPlan",
                "Libvirt", "Sandbox", "Images", "Disks", "Networks", "KubernetesAPI", "Serving", "LocalAPI",
                "NodeAgent",
                arguments,
                lifecycle,
                logging, nioCore, nioPosix, subprocess, system,
            ], swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: [nioCore, nioPosix, nioSSL], path: "Tests/TestSupport",
            swiftSettings: settings),
        .testTarget(
            name: "KubernetesAPITests",
            dependencies: [
                "TestSupport", "KubernetesModel", "KubernetesAPI", logging, nioCore, nioPosix, nioSSL, subprocess,
                system,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "Serving", asn1, crypto, httpClient, hummingbird, lifecycle, logging, nioCore, nioHTTP, nioPosix,
                nioSSL,
                system, x509,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LocalAPITests",
            dependencies: [
                "KubernetesModel", "KubeVirtModel", "Serving", "LocalAPI", grdb, hummingbird, lifecycle, logging,
                subprocess, system,
            ],
            swiftSettings: settings),
        .testTarget(name: "LibvirtTests", dependencies: ["Libvirt"], swiftSettings: settings),
        .testTarget(name: "SandboxTests", dependencies: ["Sandbox", system], swiftSettings: settings),
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        .testTarget(
            name: "KubernetesModelTests", dependencies: ["TestSupport", "KubernetesModel"], swiftSettings: settings),
        .testTarget(
            name: "KubeVirtModelTests", dependencies: ["KubernetesModel", "KubeVirtModel"], swiftSettings: settings),
        .testTarget(name: "DomainModelTests", dependencies: ["TestSupport", "DomainModel"], swiftSettings: settings),
        .testTarget(
            name: "DomainPlanTests",
            dependencies: ["KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "Placement", "DomainPlan"],
            swiftSettings: settings),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "TestSupport", "KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "Placement",
                "HostDevices",
                "DomainPlan", "Libvirt", "Images", "Networks", "KubernetesAPI", "Serving", "LocalAPI", "NodeAgent",
                hummingbird, logging, nioCore, nioHTTP, subprocess, system,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HostDevicesTests", dependencies: ["TestSupport", "HostModel", "Placement", "HostDevices", system],
            swiftSettings: settings),
        .testTarget(
            name: "PlacementTests", dependencies: ["TestSupport", "HostModel", "Placement"], swiftSettings: settings),
        .testTarget(
            name: "DisksTests",
            dependencies: [
                "KubernetesModel", "KubeVirtModel", "DomainModel", "DomainPlan", "Images", "Disks", "Sandbox",
                subprocess, system,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "NetworksTests",
            dependencies: ["KubernetesModel", "KubeVirtModel", "DomainModel", "DomainPlan", "Networks"],
            swiftSettings: settings),
        .testTarget(
            name: "NodeAgentTests",
            dependencies: [
                "TestSupport",
                "KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "DomainPlan", "Libvirt", "Images",
                "Disks", "Networks", "NodeAgent", "KubernetesAPI", "Serving", hummingbird, httpTypes, logging, nioCore,
                subprocess, system,
            ], swiftSettings: settings),
        .testTarget(name: "HostModelTests", dependencies: ["HostModel", subprocess, system], swiftSettings: settings),
        .testTarget(
            name: "ImagesTests", dependencies: ["TestSupport", "Images", "CArchive", subprocess, system],
            swiftSettings: settings),
        .testTarget(
            name: "IntegrationTests", dependencies: ["virt-node", "KubeVirtModel", "KubernetesModel"],
            swiftSettings: settings),
    ]
)

// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    // Noncopyable and nonescapable types that hold spans need `@_lifetime`.
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let strict = settings + [.strictMemorySafety()]
// The room's objects are one thread's, and checking at run time that no two accesses to a property overlap
// took half of the instructions that forwarding a packet takes (docs/performance.md). Debug builds, the
// fuzzers and `scripts/sanitizers` go on checking.
let sanitized = Context.environment["DESKROOM_SANITIZED"]
let unchecked = SwiftSetting.unsafeFlags(
    ["-enforce-exclusivity=unchecked"],
    .when(configuration: .release)
)
let forwarding = sanitized == nil ? strict + [unchecked] : strict

let log = Target.Dependency.product(name: "Logging", package: "swift-log")

// One layer per target; arrows point down only (ARCHITECTURE.md).
let package = Package(
    name: "deskroom",
    products: [
        .executable(name: "deskroom", targets: ["Appliance"]),
        // For load generators.
        .library(name: "Participant", targets: ["Participant", "WebRTC", "IO", "Wire"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        // Without what reads settings from files by itself, and all of Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The room and the desk, composed.
        .executableTarget(
            name: "Appliance",
            dependencies: [
                "Access", "Audit", "GstBridge", "MediasoupSignalling", "RemoteControl", "SFU", "TLS", "WebRTC", "IO",
                "Wire", "CLinux", "COpenSSL", "CPage", "CZlib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                log,
            ],
            exclude: ["Page"],
            swiftSettings: strict
        ),

        // Router objects; capture and encoders; the control protocol and X input.
        .target(name: "SFU", dependencies: ["WebRTC", "IO", "Wire", "CPrefetch"], swiftSettings: forwarding),
        .target(
            name: "GstBridge",
            dependencies: ["IO", "Wire", "CGStreamer", "COpus", "CPulse", "CX11", "CYUV", log],
            swiftSettings: settings
        ),
        .target(
            name: "RemoteControl",
            dependencies: ["IO", "Wire", "CLinux", "COpenSSL", "CX11", log],
            swiftSettings: settings
        ),

        // Protocol machines without I/O; the event loop and sockets.
        .target(
            name: "WebRTC",
            dependencies: ["Wire", "COpenSSL", "CPrefetch", "CSRTP"],
            swiftSettings: settings
        ),
        .target(name: "IO", dependencies: ["Wire", "CLinux"], swiftSettings: settings),
        // Who may come in, by tokens and rights.
        .target(name: "Access", dependencies: ["Wire", "COpenSSL"], swiftSettings: settings),
        // What clients of mediasoup say, as values.
        .target(
            name: "MediasoupSignalling",
            dependencies: ["Access", "SFU", "WebRTC", "Wire"],
            swiftSettings: strict
        ),
        // What has happened, so that nobody can change it unnoticed.
        .target(name: "Audit", dependencies: ["Access", "IO", "COpenSSL"], swiftSettings: settings),
        // The page's HTTPS: OpenSSL as a handler of swift-nio.
        .target(
            name: "TLS",
            dependencies: [
                "COpenSSL", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(name: "CPrefetch"),

        // Bytes and values.
        .target(name: "Wire", swiftSettings: strict),

        // The C edge: module maps and shims only.
        .target(name: "CLinux"),
        .target(name: "CPage"),
        .systemLibrary(
            name: "CGStreamer",
            pkgConfig: "gstreamer-app-1.0 gstreamer-video-1.0 gstreamer-rtp-1.0"
        ),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl"),
        .systemLibrary(name: "COpus"),
        .systemLibrary(name: "CPulse", pkgConfig: "libpulse"),
        .systemLibrary(name: "CSRTP", pkgConfig: "libsrtp2"),
        .systemLibrary(name: "CX11", pkgConfig: "x11 xext xtst xfixes xdamage xrandr xi xkbcommon"),
        .systemLibrary(name: "CYUV"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CUsrsctp", pkgConfig: "usrsctp"),

        // Budgets: what a test thread may allocate.
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .testTarget(
            name: "AllocationTests",
            dependencies: ["Participant", "IO", "SFU", "WebRTC", "Wire", "CAllocations"],
            swiftSettings: settings
        ),
        .target(name: "TestSupport", dependencies: ["Wire"], path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "WireTests", dependencies: ["TestSupport", "Wire"], swiftSettings: settings),
        .testTarget(
            name: "WebRTCTests",
            dependencies: [
                "Participant", "TestSupport", "WebRTC", "Wire", "COpenSSL", "CSRTP", "CUsrsctp",
                "CAllocations",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AccessTests",
            dependencies: ["Access", "TestSupport", "Wire", "COpenSSL"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MediasoupSignallingTests",
            dependencies: ["Access", "MediasoupSignalling", "SFU", "TestSupport", "WebRTC", "Wire"],
            swiftSettings: settings
        ),
        // A process that is killed while it writes to an audit.
        .executableTarget(
            name: "audit-writer",
            dependencies: ["Access", "Audit"],
            path: "Tests/AuditWriter",
            swiftSettings: settings
        ),
        .testTarget(
            name: "AuditTests",
            dependencies: ["Access", "Audit", "TestSupport", "Wire", "audit-writer"],
            swiftSettings: settings
        ),
        .testTarget(name: "TLSTests", dependencies: ["TLS", "COpenSSL"], swiftSettings: settings),
        .executableTarget(
            name: "secluded",
            dependencies: ["IO"],
            path: "Tests/Secluded",
            swiftSettings: settings
        ),
        .testTarget(
            name: "IOTests",
            dependencies: ["Participant", "IO", "Wire", "CLinux", "secluded"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "forward-cost",
            dependencies: ["Participant", "SFU", "WebRTC", "Wire"],
            path: "Tests/ForwardCost",
            exclude: ["budget", "check"],
            swiftSettings: settings
        ),
        // A native WebRTC peer, for tests and benchmarks.
        .target(
            name: "Participant",
            dependencies: ["CLinux", "WebRTC", "IO", "Wire"],
            path: "Tests/Participant",
            swiftSettings: settings
        ),
        // Native participants in a running room.
        .executableTarget(
            name: "crowd",
            dependencies: ["Participant", "RemoteControl", "WebRTC", "IO", "Wire", "COpenSSL"],
            path: "Tests/crowd",
            swiftSettings: settings
        ),
        // A whole room on a virtual clock and virtual links, for tests and for `netsim`.
        .target(
            name: "NetworkSimulation",
            dependencies: ["Participant", "SFU", "WebRTC", "Wire"],
            path: "Tests/NetworkSimulation",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "netsim",
            dependencies: ["NetworkSimulation", "Wire"],
            path: "Tests/netsim",
            swiftSettings: settings
        ),
        // A fleet of rooms on a virtual clock, for tests and for `fleetsim`.
        .target(
            name: "FleetSimulation",
            dependencies: ["Wire"],
            path: "Tests/FleetSimulation",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "fleetsim",
            dependencies: [
                "FleetSimulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/fleetsim",
            swiftSettings: settings
        ),
        .testTarget(
            name: "FleetSimulationTests",
            dependencies: ["FleetSimulation"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SFUTests",
            dependencies: ["NetworkSimulation", "Participant", "SFU", "WebRTC", "IO", "Wire"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GstBridgeTests",
            dependencies: ["GstBridge", "IO", "Wire", "CX11"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RemoteControlTests",
            dependencies: ["TestSupport", "RemoteControl", "IO", "Wire", "CX11"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ApplianceTests",
            dependencies: [
                "Access", "Appliance", "GstBridge", "IO", "MediasoupSignalling", "RemoteControl", "SFU", "TLS", "WebRTC",
                "Wire", "Audit", "COpenSSL",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                log,
            ],
            exclude: ["Negotiation/Recordings"],
            swiftSettings: settings
        ),
    ]
)

// `scripts/sanitizers` builds once more whatever has threads or the room's objects, and its tests.
if sanitized == "threads" {
    let left: Set = [
        "AccessTests", "AllocationTests", "Appliance", "ApplianceTests", "AuditTests", "TLS", "TLSTests",
        "WebRTCTests", "WireTests",
        "crowd", "fleetsim", "FleetSimulation", "FleetSimulationTests", "forward-cost",
        "MediasoupSignalling", "MediasoupSignallingTests", "netsim",
    ]
    package.products = []
    package.targets.removeAll { left.contains($0.name) }
}

// swift-tools-version: 6.2

import PackageDescription

// A package of its own: nobody who builds the room builds its benchmarks, and nobody who runs the benchmarks
// builds the web server. The room's layers are compiled from the same files, through the links in Layers/,
// with the same settings.
let settings: [SwiftSetting] = [
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let strict = settings + [.strictMemorySafety()]
let forwarding = strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
    name: "deskroom-benchmarks",
    targets: [
        // The load generator, which also starts what it measures.
        .executableTarget(
            name: "fanout",
            dependencies: ["Participant", "WebRTC", "IO", "Wire", "CLinux"],
            path: "fanout/Generator",
            swiftSettings: settings
        ),
        // The process under test: a Worker and nothing else.
        .executableTarget(
            name: "bench-room",
            dependencies: ["SFU", "WebRTC", "IO", "Wire"],
            path: "fanout/Room",
            swiftSettings: settings
        ),

        .target(
            name: "SFU",
            dependencies: ["WebRTC", "IO", "Wire", "CPrefetch"],
            path: "Layers/SFU",
            swiftSettings: forwarding
        ),
        .target(
            name: "WebRTC",
            dependencies: ["Wire", "COpenSSL", "CPrefetch", "CSRTP"],
            path: "Layers/WebRTC",
            swiftSettings: settings
        ),
        .target(name: "IO", dependencies: ["Wire", "CLinux"], path: "Layers/IO", swiftSettings: settings),
        .target(name: "Wire", path: "Layers/Wire", swiftSettings: strict),
        .target(
            name: "Participant",
            dependencies: ["WebRTC", "IO", "Wire"],
            path: "Layers/Participant",
            swiftSettings: settings
        ),
        .target(name: "CLinux", path: "Layers/CLinux"),
        .target(name: "CPrefetch", path: "Layers/CPrefetch"),
        .systemLibrary(name: "COpenSSL", path: "Layers/COpenSSL", pkgConfig: "openssl"),
        .systemLibrary(name: "CSRTP", path: "Layers/CSRTP", pkgConfig: "libsrtp2"),
    ]
)

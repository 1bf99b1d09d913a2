import Appliance
import TestSupport
import Testing

/// What pages of other sites get of the page's server (`page.origins`).
@Suite(.timeLimit(.minutes(1))) struct WebServerOriginTests {
    private static let clinic = "https://clinic.example"
    private static let assets = PageAssets([
        "index.html": Array("<!doctype html>".utf8), "client/a.js": Array("export const a = 1;".utf8),
        "b.js": [0x31],
    ])

    @Test(arguments: [("https://clinic.example", "101"), ("https://other.example", "403"), ("null", "403")])
    func anAllowedPageOpensTheWebSocketAndNoOther(_ origin: String, _ status: String) async throws {
        try await serve { port in
            let answer = try await RawClient.connect(port: port) { client in
                let head = try await client.upgrade("/room", headers: ["Origin: \(origin)"])
                return status == "101" ? head : try await head + (client.rest())
            }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains("DESKROOM_PAGE_ORIGINS") == (status == "403"))
        }
    }

    @Test func theLibraryIsGivenToAnAllowedPageAndToItAlone() async throws {
        try await serve { port in
            let answer = try await get("/client/a.js", port, origin: Self.clinic)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.hasSuffix("export const a = 1;"))
            let head = answer.lowercased()
            #expect(head.contains("access-control-allow-origin: \(Self.clinic)\r\n"))
            #expect(head.contains("content-type: text/javascript; charset=utf-8"))
            #expect(head.contains("cache-control: no-cache"))
            // A cache must not hand it to another page.
            #expect(head.contains("vary: origin") || head.contains(", origin"))
            let own = try await get("/client/a.js", port, origin: nil)
            #expect(own.hasPrefix("HTTP/1.1 200 "))
            #expect(!own.lowercased().contains("access-control-allow-origin"))
        }
    }

    @Test func whatABrowserHasOfItIsSharedToo() async throws {
        try await serve { port in
            let first = try await get("/client/a.js", port, origin: Self.clinic)
            let tag = try #require(first.firstMatch(of: /(?i)etag: ([^\r]*)/)).1
            let again = try await RawClient.connect(port: port) {
                try await $0.get(
                    "/client/a.js",
                    headers: ["If-None-Match: \(tag)", "Origin: \(Self.clinic)"]
                )
            }
            #expect(again.hasPrefix("HTTP/1.1 304 "))
            #expect(again.lowercased().contains("access-control-allow-origin: \(Self.clinic)\r\n"))
        }
    }

    /// The words may be read by anybody: without them a browser says no more than that something failed.
    @Test(arguments: ["https://other.example", "null"])
    func anotherPageIsToldWhyItIsNot(_ origin: String) async throws {
        try await serve { port in
            let answer = try await get("/client/a.js", port, origin: origin)
            #expect(answer.hasPrefix("HTTP/1.1 403 "))
            #expect(answer.contains("page.origins (DESKROOM_PAGE_ORIGINS)"))
            #expect(answer.lowercased().contains("access-control-allow-origin: *\r\n"))
            #expect(!answer.contains("export"))
        }
    }

    @Test(arguments: ["/", "/b.js", "/api/v1/people"])
    func nothingElseIsShared(_ path: String) async throws {
        try await serve { port in
            let answer = try await get(path, port, origin: Self.clinic)
            #expect(!answer.lowercased().contains("access-control-allow-origin"))
        }
    }

    @Test func howTheRoomDoesIsTold() async throws {
        try await serve { port in
            let answer = try await get("/healthz", port, origin: Self.clinic)
            #expect(answer.lowercased().contains("access-control-allow-origin: \(Self.clinic)\r\n"))
            let other = try await get("/healthz", port, origin: "https://other.example")
            #expect(!other.lowercased().contains("access-control-allow-origin"))
        }
    }

    @Test func theLibraryIsOneFileAtAnAddressThatStays() async throws {
        try await serve(assets: PageAssets(origins: try AllowedOrigins([Self.clinic]))) { port in
            let answer = try await get("/" + PageAssets.libraryPath, port, origin: Self.clinic)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.lowercased().contains("cache-control: no-cache"))
            #expect(answer.contains("\nexport const { DeskroomClient, "))
            #expect(!answer.contains("\nimport "))
            // The page knows whom it may speak to that shows it in a frame.
            let page = try await get("/", port, origin: nil)
            #expect(page.contains("<html lang=\"en\" data-origins=\"\(Self.clinic)\""))
        }
    }

    @Test func theSamePagesMayShowTheRoomInAFrame() async throws {
        try await serve { port in
            let answer = try await get("/", port, origin: nil)
            #expect(answer.contains("frame-ancestors \(Self.clinic)\r\n"))
        }
    }

    private func get(_ path: String, _ port: Int, origin: String?) async throws -> String {
        try await RawClient.connect(port: port) {
            try await $0.get(path, headers: origin.map { ["Origin: \($0)"] } ?? [])
        }
    }

    private func serve(
        assets: PageAssets = Self.assets,
        _ body: (Int) async throws -> Void
    ) async throws {
        var configuration = Configuration()
        configuration.port = 0
        configuration.hosts = ["room.example"]
        configuration.allowedOrigins = try AllowedOrigins([Self.clinic])
        try await ServedPage.run(
            configuration,
            assets: assets,
            onConnection: { connection in for await _ in connection.messages {} }
        ) { port in try await body(port) }
    }
}

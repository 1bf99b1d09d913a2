import Appliance
import Foundation
import Logging
import TLS
import Testing

/// A certificate of files that is renewed while the room runs.
@Suite(.timeLimit(.minutes(1))) struct ServedCertificateTests {
    private let folder: URL
    private let lines = LogLines()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func newConnectionsGetTheRenewedOneAndABrokenOneIsKeptOut() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(TLSCertificate(for: [.host("first.example")]), "first")
        try write(TLSCertificate(for: [.host("second.example")]), "second")
        // As certbot has it: links, one of which is changed after the other.
        try link("chain.pem", to: "first")
        try link("key.pem", to: "first")
        let served = try ServedCertificate(chainFile: path("chain.pem"), keyFile: path("key.pem"))
        let health = HealthCheck(.still(), certificate: served)
        let log = Logger(label: "test") { _ in LinesHandler(lines: lines) }
        var configuration = Configuration()
        configuration.port = 0
        try await ServedPage.run(configuration, certificate: served) { port in
            #expect(try await shown(at: port, "first"))
            served.read(log)
            try link("chain.pem", to: "second")
            served.read(log)
            #expect(try await shown(at: port, "first"), "they do not fit")
            #expect(refusals == 0, "yet")
            #expect(await health.look().numbers?.certificate?.isNewerRefused == false)
            try link("key.pem", to: "second")
            served.read(log)
            #expect(try await shown(at: port, "second"))
            #expect(try await !shown(at: port, "first"))

            try Data("nonsense".utf8).write(to: folder.appending(path: "second"))
            for _ in 0..<4 { served.read(log) }
            #expect(try await shown(at: port, "second"))
            #expect(refusals == 1, "once")
            #expect(await health.look().numbers?.certificate?.isNewerRefused == true)
            #expect(await health.look().numbers?.status == .degraded)
            #expect(await health.look().facts.reasons.isEmpty)

            try link("chain.pem", to: "first")
            try link("key.pem", to: "first")
            served.read(log)
            #expect(try await shown(at: port, "first"))
            let numbers = try #require(await health.look().numbers)
            let expires = try #require(served.validity).upperBound
            #expect(numbers.certificate?.expires == expires)
            #expect(numbers.certificate?.isNewerRefused == false)
            #expect(numbers.status == .ok)
        }
    }

    /// Whether a new connection is shown the certificate of this name.
    private func shown(at port: Int, _ name: String) async throws -> Bool {
        let authority = folder.appending(path: name + ".der.pem").path
        return try await RawClient.connect(port: port) { client in
            var session = try TLSSession(
                TLSContext(clientTrusting: authority),
                to: .host(name + ".example")
            )
            while let progress = try? session.handshake() {
                if progress == .done { return true }
                try await client.send(session.sent())
                guard let bytes = try await client.bytes() else { return false }
                try bytes.withUnsafeBytes { try session.receive($0) }
            }
            return false
        }
    }

    /// How often it was said that a pair cannot be used.
    private var refusals: Int { lines.all.count { $0.contains("cannot be used") } }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The pair as one file, and what a client trusts it by.
    private func write(_ certificate: TLSCertificate, _ name: String) throws {
        try Data(certificate.pem).write(to: folder.appending(path: name))
        let text = Data(certificate.der).base64EncodedString(options: [.lineLength64Characters])
        try Data("-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n".utf8)
            .write(to: folder.appending(path: name + ".der.pem"))
    }

    private func link(_ name: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: path(name))
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: path(target))
    }
}

import Appliance
import Foundation
import Logging
import TLS
import Testing

/// In the build's directory: in /tmp programs on the desk could read what is kept.
@Suite struct KeptCertificateTests {
    private let folder: URL
    private let names: [TLSName] = [.host("desk.example")]
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        folder =
            URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../.build/kept-\(UUID())").standardizedFileURL
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func kept(_ directory: String?, _ environment: [String: String] = [:]) throws -> KeptCertificate?
    {
        var configuration = Configuration()
        configuration.host = "0.0.0.0"
        configuration.certificateDirectory = directory
        return try KeptCertificate(configuration, environment: environment)
    }

    @Test func theNextStartHasTheSameCertificate() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let kept = try #require(try kept(folder.path + "/keys"))
        let first = try kept.certificate(for: names, log: log)
        #expect(try kept.certificate(for: names, log: log).der == first.der)
        let file = try #require(kept.file)
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/keys").count == 1)
        // Other names, the end of its time, a clock before its beginning, and a file that others could have written.
        let others = try kept.certificate(for: [.host("other.example")], log: log)
        #expect(others.der != first.der)
        let again = try kept.certificate(for: names, log: log)
        let dates = try #require(again.dates)
        #expect(try kept.certificate(for: names, now: dates.notAfter - 86_400, log: log).der != again.der)
        let third = try kept.certificate(for: names, log: log)
        #expect(try kept.certificate(for: names, now: dates.notBefore - 86_400, log: log).der != third.der)
        let fourth = try kept.certificate(for: names, log: log)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(try kept.certificate(for: names, log: log).der != fourth.der)
        try Data("nonsense".utf8).write(to: URL(filePath: file))
        let fifth = try kept.certificate(for: names, log: log)
        #expect(try kept.certificate(for: names, log: log).der == fifth.der)
    }

    @Test func itIsKeptOnlyWhereProgramsOnTheDeskCannotReadIt() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let home = folder.path
        let refused = #expect(throws: ConfigurationError.self) { try kept(home + "/x", ["HOME": home]) }
        #expect(refused?.key == "tls.directory")
        #expect(throws: ConfigurationError.self) { try kept("/tmp") }
        #expect(throws: ConfigurationError.self) { try kept("/nowhere/at/all") }
        #expect(!FileManager.default.fileExists(atPath: home + "/x/certificate.pem"))
        #expect(try kept(nil, ["HOME": home, "XDG_RUNTIME_DIR": "/tmp"])?.file == nil)
        #expect(try kept(nil, ["HOME": "/root", "STATE_DIRECTORY": home])?.file == home + "/certificate.pem")
        #expect(
            try kept(nil, ["HOME": "/root", "XDG_RUNTIME_DIR": home])?.file == home
                + "/deskroom.tls/certificate.pem"
        )
    }

    @Test func withoutAPlaceOneIsMadeForEachStart() throws {
        let kept = try #require(try kept(nil, ["HOME": "/tmp"]))
        let first = try kept.certificate(for: names, log: log)
        #expect(try kept.certificate(for: names, log: log).der != first.der)
    }

    @Test func aRoomWithACertificateOfItsOwnOrWithoutTLSKeepsNone() throws {
        #expect(try KeptCertificate(Configuration(), environment: [:]) == nil)
    }
}

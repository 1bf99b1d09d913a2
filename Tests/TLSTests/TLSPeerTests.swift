import Foundation
import TLS
import Testing

/// Whom a client talks to.
@Suite struct TLSPeerTests {
    private let certificate: TLSCertificate
    /// The certificate in PEM, as a file of authorities.
    private let file: String

    init() throws {
        certificate = try TLSCertificate(for: [.host("back.example"), .address([192, 0, 2, 7])])
        let text = Data(certificate.der).base64EncodedString(options: [.lineLength64Characters])
        file = NSTemporaryDirectory() + "peer-\(UUID().uuidString).pem"
        try Data("-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n".utf8).write(
            to: URL(filePath: file)
        )
    }

    @Test(
        arguments: [
            (.host("back.example"), true), (.address([192, 0, 2, 7]), true), (.host("other.example"), false),
            (.host("example"), false), (.address([192, 0, 2, 8]), false),
        ] as [(TLSName, Bool)]
    )
    func aCertificateHasToBeForTheNameThatWasAskedFor(_ name: TLSName, _ isTaken: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(try meets(name, trusting: file) == isTaken)
    }

    @Test func nobodyVouchesForACertificateThatSignsItself() throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(try !meets(.host("back.example"), trusting: nil))
    }

    /// Whether the client finishes the handshake.
    private func meets(_ name: TLSName, trusting authorities: String?) throws -> Bool {
        var server = try TLSSession(TLSContext(certificate))
        var client = try TLSSession(TLSContext(clientTrusting: authorities), to: name)
        for _ in 0..<8 {
            guard let progress = try? client.handshake() else { return false }
            if progress == .done { return true }
            try carry(from: &client, to: &server)
            _ = try? server.handshake()
            try carry(from: &server, to: &client)
        }
        return false
    }

    private func carry(from one: inout TLSSession, to other: inout TLSSession) throws {
        var bytes = [UInt8](repeating: 0, count: one.sendCount)
        guard !bytes.isEmpty else { return }
        let count = bytes.withUnsafeMutableBytes { one.pollSend($0) }
        try bytes.withUnsafeBytes { try other.receive(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
}

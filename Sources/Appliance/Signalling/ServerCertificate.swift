internal import Crypto
internal import Foundation
internal import IO
package import NIOSSL
internal import SwiftASN1
internal import Wire
internal import X509

/// The certificate of the HTTPS server: the one that is configured, or one made for this start.
package enum ServerCertificate {
    /// `nil` for plain HTTP; throws if the configured files or names cannot be used.
    package static func tlsConfiguration(
        for configuration: Configuration
    ) throws(ConfigurationError) -> TLSConfiguration? {
        guard configuration.usesTLS else { return nil }
        var tls: TLSConfiguration
        if let certificate = configuration.certificatePath, let key = configuration.keyPath {
            do {
                tls = .makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
                )
            } catch {
                throw ConfigurationError(
                    key: "tls.certificate",
                    problem: "cannot use \(certificate) with \(key): \(error)"
                )
            }
        } else {
            do {
                tls = try selfSigned(names: names(for: configuration))
            } catch {
                throw ConfigurationError(key: "tls.names", problem: "cannot make a certificate: \(error)")
            }
        }
        tls.applicationProtocols = ["http/1.1"]
        tls.minimumTLSVersion = .tlsv12
        return tls
    }

    private static func names(for configuration: Configuration) -> [String] {
        var names = ["localhost", "127.0.0.1", "::1"] + configuration.certificateNames
        if configuration.host != "0.0.0.0", configuration.host != "::" { names.append(configuration.host) }
        names.append(ProcessInfo.processInfo.hostName)
        names += configuration.announcedAddresses
        names += SocketAddress.ofInterfaces().map(\.text)
        return names.reduce(into: []) { if !$0.contains($1), !$1.isEmpty { $0.append($1) } }
    }

    /// An ECDSA P-256 certificate for `names`, valid from yesterday for a year (RFC 5280).
    private static func selfSigned(names: [String]) throws -> TLSConfiguration {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName("deskroom") }
        let alternatives = names.map { name -> GeneralName in
            guard let address = SocketAddress(text: name, port: 0) else { return .dnsName(name) }
            return .ipAddress(ASN1OctetString(contentBytes: address.octets[...]))
        }
        let now = Date()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: now.addingTimeInterval(-86_400),
            notValidAfter: now.addingTimeInterval(365 * 86_400),
            issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(alternatives)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return .makeServerConfiguration(
            certificateChain: [
                .certificate(try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der))
            ],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
        )
    }
}

extension SocketAddress {
    /// The address in network order: 4 bytes, or 16.
    fileprivate var octets: [UInt8] {
        guard let ipv4 else {
            return [high, low].flatMap { half in
                stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
            }
        }
        return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: ipv4 >> $0) }
    }
}

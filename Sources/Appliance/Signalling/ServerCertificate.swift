internal import IO
package import Logging
package import TLS
internal import Wire

/// The certificate of the HTTPS server: the one that is configured, or one that the room makes for itself.
package enum ServerCertificate {
    /// `nil` for plain HTTP; throws if the configured files or names cannot be used.
    ///
    /// - Parameters:
    ///   - kept: Where one that is made is kept.
    ///   - memory: Where it is left to the next room.
    package static func served(
        for configuration: Configuration,
        keptIn kept: KeptCertificate? = nil,
        memory: RoomMemory? = nil,
        log: Logger = Logger(label: "deskroom")
    ) throws(ConfigurationError) -> ServedCertificate? {
        guard configuration.usesTLS else { return nil }
        if let certificate = configuration.certificatePath, let key = configuration.keyPath {
            do {
                return try ServedCertificate(chainFile: certificate, keyFile: key)
            } catch {
                let problem = "cannot use \(certificate) with \(key): \(error.reason)"
                throw ConfigurationError(key: "tls.certificate", problem: problem)
            }
        }
        let names = try names(for: configuration)
        do {
            guard let kept else { return ServedCertificate(try TLSContext(TLSCertificate(for: names))) }
            return ServedCertificate(try TLSContext(kept.certificate(for: names, memory: memory, log: log)))
        } catch {
            throw ConfigurationError(key: "tls.names", problem: "cannot make a certificate: \(error.reason)")
        }
    }

    /// What a certificate made at start is valid for: this machine by itself, and what was configured.
    ///
    /// Whoever opens a connection can read it, long before they have said who they are. So this machine's own
    /// name and the addresses of its interfaces, which tell how the network inside is built, are not in it.
    package static func names(for configuration: Configuration) throws(ConfigurationError) -> [TLSName] {
        let loopback = [UInt8](repeating: 0, count: 15) + [1]
        var names: [TLSName] = [.host("localhost"), .address([127, 0, 0, 1]), .address(loopback)]
        var configured = configuration.certificateNames
        configured += configuration.announcedAddresses.compactMap { AnnouncedAddress($0)?.certificateName }
        if configuration.host != "0.0.0.0", configuration.host != "::" {
            configured.append(configuration.host)
        }
        if let base = configuration.front.base, base.isSecure { configured.append(base.name) }
        for text in configured where !text.isEmpty {
            let name: TLSName
            if let address = SocketAddress(text: text, port: 0) {
                name = .address(address.octets)
            } else if text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
                name = .host(text)
            } else {
                let advice = "write names of other scripts in their xn-- form"
                throw ConfigurationError(
                    key: "tls.names",
                    problem: "a certificate cannot hold “\(text)”: \(advice)"
                )
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}

extension SocketAddress {
    /// The address in network order: 4 bytes, or 16.
    var octets: [UInt8] {
        guard let ipv4 else {
            return [high, low].flatMap { half in
                stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
            }
        }
        return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: ipv4 >> $0) }
    }
}

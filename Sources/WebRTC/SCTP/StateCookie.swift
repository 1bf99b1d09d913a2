internal import COpenSSL
package import Wire

/// What an endpoint needs to know to set up the association it has answered INIT for (RFC 9260 §5.1.3).
///
/// The peer carries it; the code of the key that made it proves that it comes back unchanged.
package struct StateCookie: Hashable, Sendable {
    package var created: Instant
    /// What INIT ACK said of this endpoint.
    package var local: SCTPInitiation
    /// What INIT said of the peer.
    package var remote: SCTPInitiation
    /// The tags of the association that existed when INIT came, or zero (§5.2.2).
    package var localTieTag: UInt32
    package var remoteTieTag: UInt32

    package init(
        created: Instant,
        local: SCTPInitiation,
        remote: SCTPInitiation,
        localTieTag: UInt32,
        remoteTieTag: UInt32
    ) {
        self.created = created
        self.local = local
        self.remote = remote
        self.localTieTag = localTieTag
        self.remoteTieTag = remoteTieTag
    }

    /// Makes cookies and verifies them.
    package struct Key: Sendable {
        private var secret: [UInt8]

        package init(using generator: inout some RandomNumberGenerator) {
            secret = (0..<32).map { _ in .random(in: .min ... .max, using: &generator) }
        }

        package func seal(_ cookie: StateCookie) -> [UInt8] {
            let bytes = cookie.bytes
            return bytes + code(of: bytes[...])
        }

        /// The cookie in `bytes`, or `nil` if this key did not make it.
        package func open(_ bytes: RawSpan) -> StateCookie? {
            guard bytes.byteCount == StateCookie.length + Self.codeLength else { return nil }
            let bytes = bytes.withUnsafeBytes { [UInt8]($0) }
            let expected = code(of: bytes[..<StateCookie.length])
            // Every byte is looked at, so that the time tells nothing.
            let difference = zip(expected, bytes[StateCookie.length...]).reduce(0) { $0 | ($1.0 ^ $1.1) }
            guard difference == 0, !expected.isEmpty else { return nil }
            return try? StateCookie(parsing: bytes.span.bytes)
        }

        /// HMAC-SHA-256 (`EVP_Q_mac`); empty if OpenSSL refuses, which then refuses every cookie.
        private func code(of bytes: ArraySlice<UInt8>) -> [UInt8] {
            var code = [UInt8](repeating: 0, count: Self.codeLength)
            var length = 0
            let done = bytes.withUnsafeBufferPointer { bytes in
                EVP_Q_mac(
                    nil,
                    "HMAC",
                    nil,
                    "SHA256",
                    nil,
                    secret,
                    secret.count,
                    bytes.baseAddress,
                    bytes.count,
                    &code,
                    code.count,
                    &length
                ) != nil
            }
            return done && length == Self.codeLength ? code : []
        }

        private static let codeLength = 32
    }

    private init(parsing bytes: RawSpan) throws(WireTruncated) {
        var reader = WireReader(bytes)
        created = Instant(nanoseconds: try reader.read())
        local = try Self.initiation(from: &reader)
        remote = try Self.initiation(from: &reader)
        localTieTag = try reader.read()
        remoteTieTag = try reader.read()
    }

    private static func initiation(from reader: inout WireReader) throws(WireTruncated) -> SCTPInitiation {
        let tag: UInt32 = try reader.read()
        let window: UInt32 = try reader.read()
        let outbound: UInt16 = try reader.read()
        let inbound: UInt16 = try reader.read()
        let initial: UInt32 = try reader.read()
        let extensions: UInt8 = try reader.read()
        return SCTPInitiation(
            tag: tag,
            receiverWindow: window,
            outboundStreams: outbound,
            inboundStreams: inbound,
            initialTSN: TSN(initial),
            supportsForwardTSN: extensions & 1 != 0,
            supportsReconfiguration: extensions & 2 != 0
        )
    }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        }
        append(created.nanoseconds)
        for side in [local, remote] {
            append(side.tag)
            append(side.receiverWindow)
            append(side.outboundStreams)
            append(side.inboundStreams)
            append(side.initialTSN.rawValue)
            append((side.supportsForwardTSN ? 1 : 0) as UInt8 | (side.supportsReconfiguration ? 2 : 0))
        }
        append(localTieTag)
        append(remoteTieTag)
        return bytes
    }

    private static let length = 8 + 2 * 17 + 8
}

internal import Wire

/// Where one record lies in a datagram, and what its header says (RFC 6347 §4.1).
///
/// ```
/// type (1) · version (2) · epoch (2) · sequence number (6) · length (2) · fragment
/// ```
struct DTLSRecord {
    enum Content: UInt8 {
        case changeCipherSpec = 20
        case alert = 21
        case handshake = 22
        case applicationData = 23
    }

    static let headerLength = 13

    /// The longest datagram that is taken, and with it the longest record; what the room's socket takes, in
    /// bytes.
    static let longestDatagram = 2_048

    /// DTLS 1.2, the only version there is here.
    static let version: UInt16 = 0xfefd

    let content: Content
    let version: UInt16
    /// The epoch's 16 bits before the 48 of the sequence number, as ciphers take them.
    let position: UInt64
    /// The fragment, in bytes from the start of the datagram; it lies inside of it.
    let body: Range<Int>

    /// Reads the header at `offset`; `nil` if no whole record of a type that there is begins there.
    init?(_ datagram: RawSpan, at offset: Int) {
        guard
            let content = datagram.bigEndian(UInt8.self, at: offset).flatMap(Content.init),
            let version = datagram.bigEndian(UInt16.self, at: offset + 1),
            let position = datagram.bigEndian(UInt64.self, at: offset + 3),
            let length = datagram.bigEndian(UInt16.self, at: offset + 11),
            offset + Self.headerLength + Int(length) <= datagram.byteCount
        else { return nil }
        self.content = content
        self.version = version
        self.position = position
        let start = offset + Self.headerLength
        body = start..<(start + Int(length))
    }

    var epoch: UInt16 { UInt16(truncatingIfNeeded: position >> 48) }
    var number: UInt64 { position & 0xffff_ffff_ffff }
    /// Header and fragment.
    var range: Range<Int> { (body.lowerBound - Self.headerLength)..<body.upperBound }

    /// A record of epoch 0, which nothing protects.
    static func plain(
        _ content: Content,
        version: UInt16 = version,
        number: UInt64,
        _ body: [UInt8]
    ) -> [UInt8] {
        var record: [UInt8] = [content.rawValue, UInt8(version >> 8), UInt8(version & 0xff), 0, 0]
        for shift in stride(from: 40, through: 0, by: -8) {
            record.append(UInt8(truncatingIfNeeded: number >> shift))
        }
        record += [UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)]
        return record + body
    }
}

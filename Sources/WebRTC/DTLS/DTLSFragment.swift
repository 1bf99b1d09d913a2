internal import Wire

/// Where a fragment of a handshake message lies in a datagram, and what its header says (RFC 6347 §4.2.2).
///
/// ```
/// type (1) · length (3) · message sequence (2) · fragment offset (3) · fragment length (3) · fragment
/// ```
struct DTLSFragment {
    static let headerLength = 12

    /// The longest handshake message that is taken, in bytes: a certificate of an endpoint of WebRTC has 300
    /// to 1,500.
    static let longestMessage = 8_192

    let type: UInt8
    /// Of the whole message, in bytes.
    let length: Int
    let sequence: UInt16
    /// Which part of the message this is.
    let part: Range<Int>
    /// The same bytes, from the start of the datagram.
    let body: Range<Int>

    /// Reads the header at `offset`; `nil` if what it says cannot be, or goes beyond `end`.
    ///
    /// - Parameter end: where the record ends, inside of `datagram`.
    init?(_ datagram: RawSpan, at offset: Int, end: Int) {
        guard
            offset + Self.headerLength <= end,
            let first = datagram.bigEndian(UInt32.self, at: offset),
            let second = datagram.bigEndian(UInt32.self, at: offset + 4),
            let third = datagram.bigEndian(UInt32.self, at: offset + 8)
        else { return nil }
        type = UInt8(first >> 24)
        length = Int(first & 0xff_ffff)
        sequence = UInt16(second >> 16)
        let start = Int(second & 0xffff) << 8 | Int(third >> 24)
        let count = Int(third & 0xff_ffff)
        part = start..<(start + count)
        body = (offset + Self.headerLength)..<(offset + Self.headerLength + count)
        // An empty fragment is the whole of an empty message.
        guard
            length <= Self.longestMessage, part.upperBound <= length, body.upperBound <= end,
            count > 0 || length == 0
        else { return nil }
    }
}

internal import Wire

/// Protects what one transport sends: RTP packets and RTCP compound packets of any number of streams.
///
/// Under AEAD_AES_128_GCM nothing is allocated for a packet, except for the first one of a stream.
///
/// A packet of a stream that is sent again under its own sequence number must be the same packet, header
/// extensions included: GCM loses its integrity when two headers share a nonce (RFC 7714 §8.4), and both
/// profiles lose secrecy when two payloads do. A resent packet that differs anywhere belongs on an RTX
/// stream.
///
/// See RFC 3711 §3.3 and §3.4, RFC 7714 §8 and §9.
public struct SRTPSender: ~Copyable {
    /// The most that protection adds to an RTCP compound packet, in bytes.
    public static let rtcpOverhead = AESGCM.tagLength + 4

    private let transform: SRTPTransform
    private var streams = SSRCTable<Stream>()

    /// Creates the sender from the local half of `material`.
    ///
    /// Throws ``SRTPError/malformed`` if key or salt has not the length that the profile wants.
    public init(_ material: SRTPKeyingMaterial) throws(SRTPError) {
        transform = try SRTPTransform(material, .seal)
    }

    /// Appends the protected payload of the RTP packet whose complete header is all that `out` holds.
    ///
    /// Sequence numbers may come in any order; one that lies more than half the number space behind the
    /// highest one sent counts as after the next wrap (RFC 3711 §3.3.1). After an error the content of `out`
    /// is to be dropped.
    ///
    /// - Parameters:
    ///   - headerLength: With CSRCs and extensions, in bytes; equals `out.byteCount`.
    ///   - prefix: Encrypted before the payload: the original sequence number of a retransmission (RFC 4588
    ///     §4).
    ///   - payload: With padding if the header says so; may be empty.
    public mutating func protectRTP(
        headerLength: Int,
        prefix: UInt16?,
        payload: RawSpan,
        into out: inout OutputRawSpan
    ) throws(SRTPError) {
        guard let header = SRTPPacketHeader(parsing: out.bytes),
            header.length == headerLength, out.byteCount == headerLength
        else { throw .malformed }
        try protectRTP(
            ssrc: header.ssrc,
            sequenceNumber: header.sequenceNumber,
            prefix: prefix,
            payload: payload,
            into: &out
        )
    }

    /// The same for who has just written the header, and need not have it read again.
    ///
    /// - Parameters:
    ///   - ssrc: As in the header.
    ///   - sequenceNumber: As in the header.
    public mutating func protectRTP(
        ssrc: UInt32,
        sequenceNumber: UInt16,
        prefix: UInt16?,
        payload: RawSpan,
        into out: inout OutputRawSpan
    ) throws(SRTPError) {
        let headerLength = out.byteCount
        switch transform {
        case .gcm(let keys):
            let position = streams.position(of: ssrc)
            let highest = position.flatMap { streams[$0].highest }
            let first = SRTPPacketIndex(rolloverCounter: 0, sequenceNumber: sequenceNumber)
            guard let index = highest.map({ $0.estimate(sequenceNumber) }) ?? first else {
                throw .keyExhausted
            }
            try keys.rtp.seal(
                ssrc: ssrc,
                index: index.rawValue,
                header: headerLength,
                word: nil,
                prefix: prefix,
                payload: payload,
                into: &out
            )
            if let highest, highest.rawValue >= index.rawValue { return }
            streams[position ?? streams.insert(Stream(), for: ssrc)].highest = index
        case .libSRTP(let session):
            let length = (prefix == nil ? 0 : 2) + payload.byteCount
            guard out.freeCapacity >= length + LibSRTPSession.tagLength else { throw .noRoom }
            if let prefix { out.append(bigEndian: prefix) }
            out.append(copying: payload)
            try session.protectRTP(last: headerLength + length, of: &out)
        }
    }

    /// Asks the processor for what protecting an RTP packet will read.
    public func prefetch() {
        streams.prefetch()
        switch transform {
        case .gcm(let keys): keys.rtp.prefetch()
        case .libSRTP: return
        }
    }

    /// Appends the protected form of an RTCP compound packet.
    ///
    /// After an error what was appended is to be dropped.
    public mutating func protectRTCP(_ compound: RawSpan, into out: inout OutputRawSpan) throws(SRTPError) {
        guard let ssrc = SRTCPPacketHeader(parsing: compound)?.ssrc else { throw .malformed }
        guard out.freeCapacity >= compound.byteCount + Self.rtcpOverhead else { throw .noRoom }
        switch transform {
        case .gcm(let keys):
            let position = streams.position(of: ssrc) ?? streams.insert(Stream(), for: ssrc)
            let index = streams[position].nextRTCPIndex
            guard index <= SRTCPPacketHeader.highestIndex else { throw .keyExhausted }
            // Never again, whatever happens to this packet: a nonce is used once.
            streams[position].nextRTCPIndex += 1
            let word = SRTCPPacketHeader.encryptedFlag | index
            out.append(copying: compound.extracting(0..<SRTCPPacketHeader.length))
            try keys.rtcp.seal(
                ssrc: ssrc,
                index: UInt64(index),
                header: SRTCPPacketHeader.length,
                word: word,
                prefix: nil,
                payload: compound.extracting(SRTCPPacketHeader.length...),
                into: &out
            )
            out.append(bigEndian: word)
        case .libSRTP(let session):
            out.append(copying: compound)
            try session.protectRTCP(last: compound.byteCount, of: &out)
        }
    }

    private struct Stream {
        /// The highest index sent; `nil` before the first RTP packet.
        var highest: SRTPPacketIndex?
        var nextRTCPIndex: UInt32 = 0
    }
}

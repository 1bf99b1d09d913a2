internal import Wire

/// Authenticates and decrypts what one transport receives.
///
/// A packet that is refused changes nothing here. At most ``maximumStreams`` synchronization sources are
/// followed; only an authentic packet can take up one of them.
///
/// See RFC 3711 §3.3 and §3.4, RFC 7714 §8 and §9.
public struct SRTPReceiver: ~Copyable {
    /// How many sources may send RTP, and how many may send RTCP.
    public static let maximumStreams = 64

    let transform: SRTPTransform
    var rtpStreams = SSRCTable<ReplayWindow>()
    var rtcpStreams = SSRCTable<ReplayWindow>()
    /// The sources that libsrtp has a stream and replay windows for.
    var libSRTPStreams = SSRCTable<Void>()

    /// Creates the receiver from the remote half of `material`.
    ///
    /// Throws ``SRTPError/malformed`` if key or salt has not the length that the profile wants.
    public init(_ material: SRTPKeyingMaterial) throws(SRTPError) {
        transform = try SRTPTransform(material, .open)
    }

    /// Decrypts an RTP packet in place and returns its length without the tag, in bytes.
    ///
    /// After an error the bytes behind the header are undefined.
    public mutating func unprotectRTP(_ packet: inout MutableRawSpan) throws(SRTPError) -> Int {
        guard let header = SRTPPacketHeader(parsing: packet.bytes) else { throw .malformed }
        switch transform {
        case .gcm(let keys):
            let position = try rtpStreams.positionOrRoom(for: header.ssrc)
            let index: SRTPPacketIndex
            if let position {
                let highest = SRTPPacketIndex(rawValue: rtpStreams[position].highest)
                guard let estimate = highest.estimate(header.sequenceNumber) else { throw .keyExhausted }
                guard !rtpStreams[position].refuses(estimate.rawValue) else { throw .replayed }
                index = estimate
            } else {
                index = SRTPPacketIndex(rolloverCounter: 0, sequenceNumber: header.sequenceNumber)
            }
            let length = try keys.rtp.open(
                &packet,
                ssrc: header.ssrc,
                index: index.rawValue,
                header: header.length,
                word: nil
            )
            rtpStreams.accept(index.rawValue, from: header.ssrc, at: position)
            return length
        case .libSRTP(let session):
            guard packet.byteCount >= header.length + LibSRTPSession.tagLength else { throw .malformed }
            let isKnown = try libSRTPStreams.positionOrRoom(for: header.ssrc) != nil
            let length = try session.unprotectRTP(&packet)
            if !isKnown { libSRTPStreams.insert((), for: header.ssrc) }
            return length
        }
    }

    /// Decrypts an RTCP compound packet in place and returns its length without tag and index, in bytes.
    ///
    /// A packet without encryption is malformed: WebRTC never negotiates it (RFC 8827 §6.5).
    /// After an error the bytes behind the header are undefined.
    public mutating func unprotectRTCP(_ packet: inout MutableRawSpan) throws(SRTPError) -> Int {
        guard let header = SRTCPPacketHeader(parsing: packet.bytes) else { throw .malformed }
        switch transform {
        case .gcm(let keys):
            guard header.lastWord & SRTCPPacketHeader.encryptedFlag != 0 else { throw .malformed }
            let index = UInt64(header.lastWord & SRTCPPacketHeader.highestIndex)
            let position = try rtcpStreams.positionOrRoom(for: header.ssrc)
            if let position, rtcpStreams[position].refuses(index) { throw .replayed }
            let length = try keys.rtcp.open(
                &packet,
                ssrc: header.ssrc,
                index: index,
                header: SRTCPPacketHeader.length,
                word: header.lastWord
            )
            rtcpStreams.accept(index, from: header.ssrc, at: position)
            return length
        case .libSRTP(let session):
            let trailer = 4 + LibSRTPSession.tagLength
            guard packet.byteCount >= SRTCPPacketHeader.length + trailer else { throw .malformed }
            let isKnown = try libSRTPStreams.positionOrRoom(for: header.ssrc) != nil
            let length = try session.unprotectRTCP(&packet)
            if !isKnown { libSRTPStreams.insert((), for: header.ssrc) }
            return length
        }
    }
}

extension SSRCTable {
    /// Where the value of `ssrc` is, or `nil` if it is new and there is room for it.
    fileprivate mutating func positionOrRoom(for ssrc: UInt32) throws(SRTPError) -> Int? {
        if let position = position(of: ssrc) { return position }
        guard count < SRTPReceiver.maximumStreams else { throw .tooManyStreams }
        return nil
    }
}

extension SSRCTable<ReplayWindow> {
    /// Marks an authentic packet as accepted; `position` is where its source is, or `nil` for a new one.
    fileprivate mutating func accept(_ index: UInt64, from ssrc: UInt32, at position: Int?) {
        if let position {
            self[position].accept(index)
        } else {
            insert(ReplayWindow(first: index), for: ssrc)
        }
    }
}

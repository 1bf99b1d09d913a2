package import WebRTC
package import Wire

/// How the packets of one egress leave: written, protected if the peer has keys, and appended to the queue, or handed to a
/// reader in this process.
///
/// Tell it where the peer is (``setAddress(_:rtcp:isAlive:)``) and with what keys (``setKeys(_:)``).
package struct PacketSender: ~Copyable {
    /// Where packets go; `nil` before the peer has proved where it is.
    private(set) var address: SocketAddress?
    private var isPathAlive = true
    private let way: EgressWay
    private let scratch: Scratch
    /// Packets sent, and those that did not fit in a datagram.
    package private(set) var statistics = EgressStatistics()
    /// What a peer with keys is sent through; `nil` before the handshake, and where packets leave as they are.
    private var sender: SRTPSender?
    /// RTCP on its way to a socket of its own; `nil`: it leaves as RTP does.
    private let rtcpOutbox: Outbox?
    /// Where RTCP goes, if it has a socket of its own.
    private var rtcpAddress: SocketAddress?

    package init(_ way: EgressWay, rtcpOutbox: Outbox?, scratch: Scratch) {
        self.way = way
        self.rtcpOutbox = rtcpOutbox
        self.scratch = scratch
    }

    /// Whether media can be sent.
    @inline(__always)
    package var isSendable: Bool { sender != nil ? address != nil && isPathAlive : isSendableOpen }

    private var isSendableOpen: Bool {
        @inline(never) get {
            switch way {
            case .sealed: false
            case .plain: address != nil && isPathAlive
            case .reader: true
            }
        }
    }

    /// Whether packets are protected, and the peer's keys are not there yet.
    package var isAwaitingKeys: Bool { if case .sealed = way { sender == nil } else { false } }

    /// Whether a packet may go out twice under one number: there is no seal that this would break (RFC 7714 §9.1).
    package var mayRepeat: Bool { if case .plain = way { true } else { false } }

    /// Who is handed packets in this process, if anybody is.
    var reader: EgressReader? { if case .reader(let reader) = way { reader } else { nil } }

    /// - Parameters:
    ///   - rtcp: Where RTCP goes, if it has a socket of its own.
    ///   - isAlive: Whether what is sent there may arrive.
    package mutating func setAddress(_ address: SocketAddress?, rtcp: SocketAddress?, isAlive: Bool) {
        self.address = address
        rtcpAddress = rtcp
        isPathAlive = isAlive
    }

    /// The peer has keys from now on; `nil`: it takes nothing any more.
    package mutating func setKeys(_ sender: consuming SRTPSender?) { self.sender = sender }

    func prefetch() { sender?.prefetch() }

    // MARK: RTP

    /// Writes one RTP packet and lets it go.
    ///
    /// - Parameter numbers: What to write into a copy of the payload.
    /// - Returns: How long it was; 0: it was not sent.
    @inline(__always)
    package mutating func sendRTP(
        _ head: OutgoingHead,
        _ format: ConsumerFormat,
        payload: RawSpan,
        _ numbers: PayloadNumbers,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Int {
        numbers.isUnchanged
            ? sendRTP(head, format, payload: payload, now: now, into: &queue)
            : sendRewritten(head, format, payload: payload, numbers, now: now, into: &queue)
    }

    /// Sends a packet with other numbers in its payload.
    @inline(never)
    private mutating func sendRewritten(
        _ head: OutgoingHead,
        _ format: ConsumerFormat,
        payload: RawSpan,
        _ numbers: PayloadNumbers,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Int {
        guard payload.byteCount <= scratch.payload.count else {
            statistics.packetsRejected += 1
            return 0
        }
        // ThreadSanitizer's compiler (Swift 6.3) fails where a mutating function writes through a property of `self`.
        let scratch = scratch
        let length = unsafe scratch.payload.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            numbers.write(payload, into: &out)
            return unsafe out.finalize(for: buffer)
        }
        // Shares its memory; a span of the property itself may not cross the call.
        let memory = scratch.payload
        let rewritten = unsafe memory.span.bytes.extracting(first: length)
        return sendRTP(head, format, payload: rewritten, now: now, into: &queue)
    }

    @inline(__always)
    private mutating func sendRTP(
        _ head: OutgoingHead,
        _ format: ConsumerFormat,
        payload: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Int {
        guard let address, sender != nil else {
            return sendOpenRTP(head, format, payload: payload, now: now, into: &queue)
        }
        var length = 0
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                head.write(format, scratch, now: now, into: &out)
                try sender?.protectRTP(
                    ssrc: head.header.ssrc,
                    sequenceNumber: head.header.sequenceNumber,
                    prefix: head.prefix,
                    payload: payload,
                    into: &out
                )
                length = out.byteCount
            }
        } catch {
            // The payload did not fit in a datagram: its source ignores the MTU.
            statistics.packetsRejected += 1
            return 0
        }
        noteSent(length)
        return length
    }

    /// Sends an RTP packet as it is.
    @inline(never)
    private mutating func sendOpenRTP(
        _ head: OutgoingHead,
        _ format: ConsumerFormat,
        payload: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Int {
        guard isSendable else { return 0 }
        let length = sendOpen(
            into: &queue,
            { out in
                head.write(format, scratch, now: now, into: &out)
                let size = payload.byteCount + (head.prefix == nil ? 0 : 2)
                guard out.freeCapacity >= size else { return false }
                if let prefix = head.prefix { out.append(bigEndian: prefix) }
                out.append(copying: payload)
                return true
            },
            read: { packet in reader?.handleRTP(packet, of: head.header.ssrc, now: now) }
        )
        guard length > 0 else {
            statistics.packetsRejected += 1
            return 0
        }
        noteSent(length)
        return length
    }

    /// Lets a packet go that is not protected, to the peer or to whoever reads here; returns how long it was, 0 if
    /// `write` did not finish it.
    private func sendOpen(
        into queue: inout TransmitQueue,
        _ write: (inout OutputRawSpan) -> Bool,
        read: (RawSpan) -> Void
    ) -> Int {
        var length = 0
        switch way {
        case .sealed: break
        case .plain:
            guard let address else { break }
            do throws(SRTPError) {
                try queue.append(to: address) { out throws(SRTPError) in
                    guard write(&out) else { throw .noRoom }
                    length = out.byteCount
                }
            } catch {
                length = 0
            }
        case .reader:
            unsafe scratch.leaving.withUnsafeMutableBytes { buffer in
                var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
                let isWhole = write(&out)
                length = unsafe out.finalize(for: buffer)
                if !isWhole { length = 0 }
            }
            guard length > 0 else { break }
            // Shares its memory; a span of the property itself may not cross the call.
            let leaving = scratch.leaving
            unsafe read(leaving.span.bytes.extracting(first: length))
        }
        return length
    }

    @inline(__always)
    private mutating func noteSent(_ length: Int) {
        statistics.packetsSent += 1
        statistics.bytesSent += UInt64(length)
    }

    /// Writes and encrypts a packet that is all padding (RFC 3550 §5.1), for the path alone; returns how long it was, 0 if
    /// it was not sent.
    package mutating func sendPadding(
        _ header: RTPHeader,
        format: ConsumerFormat,
        transportSequence: UInt16,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Int {
        guard let address, sender != nil else { return 0 }
        var length = 0
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                header.write(hasExtensions: true, hasPadding: true, into: &out)
                RTPHeaderExtensionWriter.write(
                    format,
                    audioLevel: nil,
                    descriptor: RawSpan(),
                    transportSequence: transportSequence,
                    now: now,
                    into: &out
                )
                let padding = Self.padding
                try sender?.protectRTP(
                    headerLength: out.byteCount,
                    prefix: nil,
                    payload: unsafe padding.span.bytes,
                    into: &out
                )
                length = out.byteCount
            }
        } catch {
            statistics.packetsRejected += 1
            return 0
        }
        noteSent(length)
        return length
    }

    // MARK: RTCP

    /// Writes one compound RTCP packet and lets it go; an empty one is not sent.
    package mutating func sendRTCP(into queue: inout TransmitQueue, _ write: (inout OutputRawSpan) -> Void) {
        guard isSendable || sender != nil && address != nil else { return }
        // As above: a local one for ThreadSanitizer's compiler.
        let scratch = scratch
        let length = unsafe scratch.compound.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            write(&out)
            return unsafe out.finalize(for: buffer)
        }
        guard length > 0 else { return }
        // Shares its memory; a span of the property itself may not cross the calls below.
        let compound = scratch.compound
        let plain = unsafe compound.span.bytes.extracting(first: length)
        do throws(SRTPError) {
            if let reader {
                reader.handleRTCP(plain)
            } else if let rtcpOutbox {
                guard let rtcpAddress else { return }
                try rtcpOutbox.queue.append(to: rtcpAddress) { out throws(SRTPError) in
                    try protectRTCP(plain, into: &out)
                }
            } else if let address {
                try queue.append(to: address) { out throws(SRTPError) in try protectRTCP(plain, into: &out) }
            }
            noteSent(length)
        } catch {
            statistics.packetsRejected += 1
        }
    }

    private mutating func protectRTCP(
        _ compound: RawSpan,
        into out: inout OutputRawSpan
    ) throws(SRTPError) {
        guard sender != nil else { return out.append(copying: compound) }
        try sender?.protectRTCP(compound, into: &out)
    }

    /// As much as its last byte can say.
    private static let padding: [UInt8] = [UInt8](repeating: 0, count: 254) + [255]
}

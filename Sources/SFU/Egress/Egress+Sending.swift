internal import WebRTC
internal import Wire

/// Media and reports, as bytes, and how they leave.
extension Egress {
    /// Writes one RTP packet and lets it go.
    ///
    /// - Parameters:
    ///   - numbers: What to write into a copy of the payload.
    ///   - descriptor: How many bytes of ``Scratch/descriptor`` are the dependency descriptor; 0: none.
    ///   - prefix: The original sequence number that a retransmission carries before its payload (RFC 4588
    ///     §4).
    @inline(__always)
    func sendRTP(
        _ header: RTPHeader,
        format: ConsumerFormat,
        audioLevel: UInt8?,
        prefix: UInt16?,
        payload: RawSpan,
        numbers: PayloadNumbers,
        descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard numbers.isUnchanged else {
            sendRewritten(
                header,
                format,
                audioLevel,
                prefix,
                payload,
                numbers,
                descriptor,
                now: now,
                into: &queue
            )
            return
        }
        sendRTP(header, format, audioLevel, prefix, payload, descriptor, now: now, into: &queue)
    }

    /// Sends a packet with other numbers in its payload.
    @inline(never)
    private func sendRewritten(
        _ header: RTPHeader,
        _ format: ConsumerFormat,
        _ audioLevel: UInt8?,
        _ prefix: UInt16?,
        _ payload: RawSpan,
        _ numbers: PayloadNumbers,
        _ descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard payload.byteCount <= scratch.payload.count else {
            statistics.packetsRejected += 1
            return
        }
        let length = unsafe scratch.payload.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            numbers.write(payload, into: &out)
            return unsafe out.finalize(for: buffer)
        }
        // Shares its memory; a span of the property itself may not cross the call.
        let rewritten = scratch.payload
        unsafe sendRTP(
            header,
            format,
            audioLevel,
            prefix,
            rewritten.span.bytes.extracting(first: length),
            descriptor,
            now: now,
            into: &queue
        )
    }

    @inline(__always)
    private func sendRTP(
        _ header: RTPHeader,
        _ format: ConsumerFormat,
        _ audioLevel: UInt8?,
        _ prefix: UInt16?,
        _ payload: RawSpan,
        _ descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let address, sender != nil else {
            sendOpenRTP(header, format, audioLevel, prefix, payload, descriptor, now: now, into: &queue)
            return
        }
        let sequence = congestion.nextSequence
        var length = 0
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                writeHeader(header, format, audioLevel, descriptor, sequence, now: now, into: &out)
                try sender?.protectRTP(
                    ssrc: header.ssrc,
                    sequenceNumber: header.sequenceNumber,
                    prefix: prefix,
                    payload: payload,
                    into: &out
                )
                length = out.byteCount
            }
        } catch {
            // The payload did not fit in a datagram: its source ignores the MTU.
            statistics.packetsRejected += 1
            return
        }
        noteSent(header, format, prefix, length, now: now)
    }

    /// Sends an RTP packet as it is.
    @inline(never)
    private func sendOpenRTP(
        _ header: RTPHeader,
        _ format: ConsumerFormat,
        _ audioLevel: UInt8?,
        _ prefix: UInt16?,
        _ payload: RawSpan,
        _ descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard isSendable else { return }
        let sequence = congestion.nextSequence
        let length = sendOpen(
            into: &queue,
            { out in
                writeHeader(header, format, audioLevel, descriptor, sequence, now: now, into: &out)
                guard out.freeCapacity >= payload.byteCount + (prefix == nil ? 0 : 2) else { return false }
                if let prefix { out.append(bigEndian: prefix) }
                out.append(copying: payload)
                return true
            },
            read: { packet in
                guard let consumer = consumers.first(where: { $0.owns(header.ssrc) }) else { return }
                reader?.handleRTP(consumer, packet, now)
            }
        )
        guard length > 0 else {
            statistics.packetsRejected += 1
            return
        }
        noteSent(header, format, prefix, length, now: now)
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
    private func writeHeader(
        _ header: RTPHeader,
        _ format: ConsumerFormat,
        _ audioLevel: UInt8?,
        _ descriptor: Int,
        _ sequence: UInt16,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        header.write(hasExtensions: true, into: &out)
        let isWritten =
            descriptor == 0
            && format.extensions.write(
                audioLevel: audioLevel,
                transportSequence: sequence,
                now: now,
                into: &out
            )
        guard !isWritten else { return }
        // Shares its memory; a span of the property itself may not cross the call.
        let memory = scratch.descriptor
        unsafe RTPHeaderExtensionWriter.write(
            format,
            audioLevel: audioLevel,
            descriptor: memory.span.bytes.extracting(first: descriptor),
            transportSequence: sequence,
            now: now,
            into: &out
        )
    }

    @inline(__always)
    private func noteSent(
        _ header: RTPHeader,
        _ format: ConsumerFormat,
        _ prefix: UInt16?,
        _ length: Int,
        now: Instant
    ) {
        if format.transportWideCCID != nil {
            congestion.handleSent(
                length,
                ssrc: header.ssrc,
                rtpSequence: prefix ?? header.sequenceNumber,
                now: now
            )
        }
        statistics.packetsSent += 1
        statistics.bytesSent += UInt64(length)
    }

    /// Writes one compound RTCP packet and lets it go; an empty one is not sent.
    func sendRTCP(into queue: inout TransmitQueue, _ write: (inout OutputRawSpan) -> Void) {
        guard isSendable || sender != nil && address != nil else { return }
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
            if sender != nil {
                try appendRTCP(into: &queue) { out throws(SRTPError) in
                    try sender?.protectRTCP(plain, into: &out)
                }
            } else if let reader {
                reader.handleRTCP(plain)
            } else {
                try appendRTCP(into: &queue) { out throws(SRTPError) in out.append(copying: plain) }
            }
            statistics.packetsSent += 1
            statistics.bytesSent += UInt64(length)
        } catch {
            statistics.packetsRejected += 1
        }
    }
}

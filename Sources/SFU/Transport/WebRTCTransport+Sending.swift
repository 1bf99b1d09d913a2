internal import WebRTC
internal import Wire

/// Media and reports to the peer, as bytes.
extension WebRTCTransport {
    /// Writes and encrypts one RTP packet.
    ///
    /// - Parameters:
    ///   - numbers: What to write into a copy of the payload.
    ///   - descriptor: How many bytes of ``Scratch/descriptor`` are the dependency descriptor; 0: none.
    ///   - prefix: The original sequence number that a retransmission carries before its payload (RFC 4588
    ///     §4).
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
        guard !numbers.isUnchanged else {
            sendRTP(header, format, audioLevel, prefix, payload, descriptor, now: now, into: &queue)
            return
        }
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
        guard let address, sender != nil else { return }
        let sequence = congestion.nextSequence
        var length = 0
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                header.write(hasExtensions: true, into: &out)
                let isWritten =
                    descriptor == 0
                    && format.extensions.write(
                        audioLevel: audioLevel,
                        transportSequence: sequence,
                        now: now,
                        into: &out
                    )
                if !isWritten {
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

    /// Writes and encrypts one compound RTCP packet; an empty one is not sent.
    func sendRTCP(into queue: inout TransmitQueue, _ write: (inout OutputRawSpan) -> Void) {
        guard let address, sender != nil else { return }
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
            try queue.append(to: address) { out throws(SRTPError) in
                try sender?.protectRTCP(plain, into: &out)
            }
            statistics.packetsSent += 1
            statistics.bytesSent += UInt64(length)
        } catch {
            statistics.packetsRejected += 1
        }
    }
}

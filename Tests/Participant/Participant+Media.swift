internal import WebRTC
public import Wire

extension Participant {
    /// Expects a stream, as signalling has told of it.
    public func receive(_ parameters: ReceivedStream.Parameters) {
        streams.append(ReceivedStream(parameters, latencies))
    }

    /// Stops expecting a stream.
    public func stopReceiving(_ ssrc: UInt32) {
        streams.removeAll { $0.parameters.ssrc == ssrc }
    }

    /// Measures the longest gaps anew.
    public func beginMeasurement() {
        for index in streams.indices { streams[index].beginMeasurement() }
    }

    /// The stream with this SSRC.
    public func stream(_ ssrc: UInt32) -> ReceivedStream? { streams.first { $0.parameters.ssrc == ssrc } }

    /// Asks the sender of a stream for a key frame, at the next ``handleTimeout(now:into:)``.
    public func requestKeyFrame(of ssrc: UInt32) {
        for index in streams.indices where streams[index].parameters.ssrc == ssrc {
            streams[index].wantsKeyFrame = true
        }
    }

    /// Publishes a synthetic stream, from now on or from when there are keys on.
    @discardableResult
    public func publish(_ parameters: PublishedStream.Parameters, now: Instant) -> PublishedStream {
        let stream = PublishedStream(parameters, random: &random)
        published.append(stream)
        if isConnected { stream.start(now: now) }
        return stream
    }

    /// Protects and sends a packet that a test has written itself; one that has no RTP header is not sent.
    public func sendRTP(_ packet: RawSpan, into queue: inout TransmitQueue) {
        guard sender != nil, let header = try? RTPHeader(parsing: packet) else { return }
        let length = header.payload.lowerBound
        // What does not fit in a datagram is the writer's mistake; the room sees nothing.
        try? queue.append(to: remoteAddress) { out throws(SRTPError) in
            guard packet.byteCount <= out.freeCapacity else { throw .noRoom }
            out.append(copying: packet.extracting(first: length))
            let payload = packet.extracting(length..<packet.byteCount)
            try sender?.protectRTP(headerLength: length, prefix: nil, payload: payload, into: &out)
        }
    }

    /// Adapts what is published to the path and to what the room allows, up to `ceiling` bits per second.
    public func adaptPublishing(ceiling: Int, now: Instant) {
        estimate = PublisherEstimate(ceiling: ceiling, now: now)
        applyEstimate()
    }

    func applyEstimate() {
        guard let bitrate = estimate?.bitrate else { return }
        for stream in published where stream.parameters.codec.isVideo { stream.setBitrate(bitrate) }
    }

    // MARK: Receiving

    func handleRTP(_ datagram: inout MutableRawSpan, now: Instant) {
        guard receiver != nil, let ssrc = datagram.bytes.bigEndian(UInt32.self, at: 8),
            let index = streams.firstIndex(where: { $0.owns(ssrc) })
        else {
            statistics.rejected += 1
            return
        }
        let isRetransmission = streams[index].parameters.rtxSSRC == ssrc
        mediaPackets += 1
        // The original's number is under the encryption.
        let isDecrypted = isRetransmission || mediaPackets % configuration.decryptionInterval == 0
        var length = datagram.byteCount
        if isDecrypted {
            guard let plain = try? receiver?.unprotectRTP(&datagram) else {
                statistics.rejected += 1
                return
            }
            length = plain
        }
        let packet = datagram.bytes.extracting(first: length)
        guard let header = try? RTPHeader(parsing: packet) else {
            statistics.rejected += 1
            return
        }
        noteArrival(header, packet, of: index, now: now)
        if isRecording { streams[index].readDependency(header, in: packet) }
        if isRetransmission {
            streams[index].handleRetransmission(
                header,
                packet.extracting(header.payload),
                records: isRecording,
                now: now
            )
        } else {
            let payload = isDecrypted ? packet.extracting(header.payload) : nil
            streams[index].handle(header, payload, size: length, records: isRecording, now: now)
        }
    }

    private func noteArrival(_ header: RTPHeader, _ packet: RawSpan, of index: Int, now: Instant) {
        if sendsTransportFeedback, let id = streams[index].parameters.transportWideCCID,
            let range = RTPHeaderExtensions(header).find(id, in: packet),
            let number = packet.bigEndian(UInt16.self, at: range.lowerBound)
        {
            arrivals.handle(SequenceNumber(number), now: now)
        }
        if streams[index].mid == nil, let id = streams[index].parameters.midID,
            let range = RTPHeaderExtensions(header).find(id, in: packet)
        {
            streams[index].mid = packet.extracting(range).withUnsafeBytes {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    // MARK: Sending

    func sendFrame(of stream: PublishedStream, now: Instant, into queue: inout TransmitQueue) {
        stream.writeFrame(now: now) { header, packet in
            send(header, packet.extracting(header.payload), prefix: nil, of: stream, now: now, into: &queue)
        }
    }

    /// Sends a packet again that the room asked for.
    func resend(_ sequence: UInt16, of stream: PublishedStream, now: Instant, into queue: inout TransmitQueue)
    {
        guard let rtxSSRC = stream.parameters.rtxSSRC, let payloadType = stream.parameters.rtxPayloadType
        else { return }
        stream.withPacket(sequence, now: now) { original, packet in
            var header = original
            header.ssrc = rtxSSRC
            header.payloadType = payloadType
            header.sequenceNumber = stream.rtxSequence
            stream.rtxSequence &+= 1
            stream.retransmitted += 1
            send(
                header,
                packet.extracting(original.payload),
                prefix: sequence,
                of: stream,
                now: now,
                into: &queue
            )
        }
    }

    private func send(
        _ header: RTPHeader,
        _ payload: RawSpan,
        prefix: UInt16?,
        of stream: PublishedStream,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard sender != nil else { return }
        // What does not fit in a datagram is the test's own mistake and shows as loss.
        var length = 0
        try? queue.append(to: remoteAddress) { out throws(SRTPError) in
            header.write(hasExtensions: true, into: &out)
            writeExtensions(
                of: stream,
                descriptor: stream.descriptor(of: prefix ?? header.sequenceNumber),
                isRetransmission: prefix != nil,
                now: now,
                into: &out
            )
            try sender?.protectRTP(headerLength: out.byteCount, prefix: prefix, payload: payload, into: &out)
            length = out.byteCount
        }
        if stream.parameters.transportWideCCID != nil {
            estimate?.handleSent(transportSequence &- 1, size: length, now: now)
        }
    }

    private func writeExtensions(
        of stream: PublishedStream,
        descriptor: [UInt8],
        isRetransmission: Bool,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        let parameters = stream.parameters
        let writer = RTPHeaderExtensionWriter(isTwoByte: descriptor.count > 16, &out)
        if let id = parameters.absoluteSendTimeID {
            writer.append(id, uint24: AbsoluteSendTime(now).rawValue, to: &out)
        }
        if let id = parameters.transportWideCCID {
            writer.append(id, uint16: transportSequence, to: &out)
            transportSequence &+= 1
        }
        if let id = parameters.midID, let mid = parameters.mid {
            writer.append(id, bytes: Array(mid.utf8).span.bytes, to: &out)
        }
        let ridID = isRetransmission ? parameters.repairedRIDID : parameters.ridID
        if let ridID, let rid = parameters.rid {
            writer.append(ridID, bytes: Array(rid.utf8).span.bytes, to: &out)
        }
        if let id = parameters.audioLevelID {
            // The highest bit: it is a voice.
            writer.append(id, uint8: (stream.audioLevel < 60 ? 0x80 : 0) | stream.audioLevel, to: &out)
        }
        if let id = parameters.dependencyDescriptorID, !descriptor.isEmpty {
            writer.append(id, bytes: descriptor.span.bytes, to: &out)
        }
        writer.finish(&out)
    }
}

internal import Wire

/// What the association's events mean for the channels.
extension DataChannels {
    mutating func handleEvents(now: Instant) {
        while let event = association.pollEvent() {
            switch event {
            case .connected:
                change(to: .connected)
                dropChannelsWithoutStream()
            case .closed:
                closeAll()
                change(to: .closed)
            case .restarted:
                closeAll()
            case .message(let message):
                handle(message, now: now)
            case .incomingReset(let streams):
                for stream in streams.isEmpty ? channels.keys.sorted() : streams {
                    handleIncomingReset(of: stream)
                }
            case .outgoingReset(let streams):
                for stream in streams {
                    channels[stream]?.isOutgoingReset = true
                    finishClosing(stream)
                }
            }
        }
    }

    mutating func handle(_ message: ReassemblyQueue.Message, now: Instant) {
        let stream = message.stream
        let isBinary: Bool
        switch message.payloadProtocol {
        case PayloadProtocol.dcep:
            association.releaseMessage(ofLength: message.bytes.count)
            handleDCEP(message.bytes, on: stream)
            return
        case PayloadProtocol.text, PayloadProtocol.emptyText: isBinary = false
        case PayloadProtocol.binary, PayloadProtocol.emptyBinary: isBinary = true
        default:
            association.releaseMessage(ofLength: message.bytes.count)
            rejected += 1
            return
        }
        guard let channel = channels[stream], !channel.isClosing else {
            association.releaseMessage(ofLength: message.bytes.count)
            // What was under way when this side closed the channel is no mistake.
            if channels[stream] == nil { rejected += 1 }
            return
        }
        let isEmpty = message.payloadProtocol >= PayloadProtocol.emptyText
        // The byte that an empty message travels as is not handed out (RFC 8831 §6.6).
        if isEmpty { association.shrinkMessage(by: message.bytes.count) }
        events.append(.message(stream: stream, isBinary: isBinary, bytes: isEmpty ? [] : message.bytes))
    }

    mutating func handleDCEP(_ bytes: [UInt8], on stream: UInt16) {
        guard let message = try? DCEPMessage(parsing: bytes.span.bytes) else {
            rejected += 1
            return
        }
        switch message {
        case .acknowledge:
            guard channels[stream]?.isAcknowledged == false else { return }
            channels[stream]?.isAcknowledged = true
            events.append(.acknowledged(stream: stream))
        case .open(let request):
            let isPeers = stream.isMultiple(of: 2) != isDTLSClient
            guard channels[stream] == nil, isPeers, channels.count < maximumChannels else {
                // RFC 8832 §6: refused by closing the stream.
                rejected += 1
                if channels[stream] == nil { association.resetStream(stream) }
                return
            }
            let parameters = DataChannelParameters(request)
            channels[stream] = DataChannel(parameters: parameters, isAcknowledged: true)
            association.send(
                OutgoingMessage(
                    stream: stream,
                    payloadProtocol: PayloadProtocol.dcep,
                    bytes: DCEPMessage.acknowledge.bytes
                )
            )
            events.append(.opened(stream: stream, parameters))
        }
    }

    mutating func handleIncomingReset(of stream: UInt16) {
        guard let channel = channels[stream] else { return }
        channels[stream]?.isIncomingReset = true
        if !channel.isClosing {
            // Nobody listens any more.
            association.dropQueued(on: stream)
            startClosing(stream)
        }
        finishClosing(stream)
    }

    mutating func startClosing(_ stream: UInt16) {
        channels[stream]?.isClosing = true
        if association.supportsReset {
            association.resetStream(stream)
        } else {
            remove(stream)
        }
    }

    mutating func finishClosing(_ stream: UInt16) {
        guard let channel = channels[stream], channel.isOutgoingReset, channel.isIncomingReset else { return }
        remove(stream)
    }

    mutating func remove(_ stream: UInt16) {
        channels[stream] = nil
        events.append(.closed(stream: stream))
    }

    mutating func closeAll() {
        for stream in channels.keys.sorted() { remove(stream) }
    }

    /// The peer turned out to take fewer streams than were opened before the handshake.
    mutating func dropChannelsWithoutStream() {
        for stream in channels.keys.sorted() where stream >= association.outboundStreams {
            association.dropQueued(on: stream)
            remove(stream)
        }
    }

    mutating func change(to new: State) {
        guard state != new else { return }
        state = new
        events.append(.stateChanged(new))
    }

    mutating func reportLowAmounts() {
        for (stream, channel) in channels
        where channel.isAboveThreshold
            && association.bufferedBytes(of: stream) <= channel.lowThreshold ?? .max
        {
            channels[stream]?.isAboveThreshold = false
            events.append(.bufferedAmountLow(stream: stream))
        }
    }
}

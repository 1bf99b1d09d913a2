internal import WebRTC
internal import Wire

extension WebRTCTransport {
    func consumeData(
        _ parameters: DataChannelParameters,
        as id: DataConsumerID,
        now: Instant
    ) throws(SFUError) {
        guard channels != nil else { throw .invalidState("the transport has no data channels") }
        do throws(DataChannelError) {
            if let stream = try channels?.open(parameters, now: now) { directory.add(id, on: stream) }
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Sends a message on a channel of either direction.
    func send(_ bytes: RawSpan, isBinary: Bool, on stream: UInt16?, now: Instant) throws(SFUError) {
        guard let stream else { throw .notFound }
        do throws(DataChannelError) {
            try channels?.send(bytes, isBinary: isBinary, on: stream, now: now)
        } catch {
            throw Self.refusal(error)
        }
    }

    func closeChannel(_ stream: UInt16?, now: Instant) throws(SFUError) {
        guard let stream else { throw .notFound }
        channels?.close(stream: stream, now: now)
    }

    /// Hands what the data channels have to say to DTLS, and their events to the core.
    func flushChannels(now: Instant, into queue: inout TransmitQueue) {
        guard channels != nil, let address else { return }
        let length = scratch.packet.count
        var isPending = true
        while isPending {
            unsafe scratch.packet.withUnsafeMutableBytes { buffer in
                var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
                isPending = channels?.pollPacket(now: now, into: &out) ?? false
                let written = unsafe out.finalize(for: buffer)
                guard isPending, written > 0, written <= length else { return }
                let bytes = unsafe RawSpan(
                    _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[0..<written])
                )
                // Before the handshake is done there is nothing to send; SCTP's own timers cover a full
                // queue.
                try? dtls?.send(bytes, to: address, into: &queue)
            }
        }
        drainChannels(now: now)
    }

    /// Turns what happened on the channels into events with the Worker's names.
    func drainChannels(now: Instant) {
        while let event = channels?.pollEvent() {
            switch event {
            case .stateChanged(let state):
                statistics.sctpState = state
                events.append(.sctpStateChanged(id, state))
            case .opened(let stream, let parameters):
                let producer = DataProducerID(identifiers.next())
                directory.add(producer, on: stream)
                events.append(.dataProducerOpened(id, producer, parameters))
            case .acknowledged(let stream):
                if let consumer = directory.consumer(on: stream) {
                    events.append(.dataConsumerOpened(id, consumer))
                }
            case .message(let stream, let isBinary, let bytes):
                handle(DataMessage(bytes: bytes, isBinary: isBinary, received: now), on: stream)
            case .closed(let stream):
                if let producer = directory.producer(on: stream) {
                    events.append(.dataProducerClosed(id, producer))
                }
                if let consumer = directory.consumer(on: stream) {
                    events.append(.dataConsumerClosed(id, consumer))
                }
                directory.remove(stream: stream)
            case .bufferedAmountLow: break
            }
        }
    }

    private func handle(_ message: DataMessage, on stream: UInt16) {
        // A channel is used in both directions, whoever opened it: what comes back on ours has no producer
        // and is dropped.
        guard let producer = directory.producer(on: stream) else { return }
        events.append(.dataMessage(id, producer, message))
    }

    private static func refusal(_ error: DataChannelError) -> SFUError {
        switch error {
        case .bufferFull: .invalidState("the channel's send buffer is full")
        case .invalidParameters: .unsupported("the channel's parameters contradict each other")
        case .notOpen: .invalidState("the channel is not open")
        case .tooLong: .unsupported("the message is longer than the peer takes")
        case .tooManyChannels: .invalidState("the transport has no room for a further channel")
        }
    }
}

internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

extension Session {
    // MARK: The Worker

    func handle(_ event: WorkerEvent) async {
        switch event {
        case .activeSpeakerChanged(_, let producer):
            dominantSpeaker = producer.flatMap { person(of: $0) }
            tellSpeakers()
            for id in participants.keys { updateSight(of: id) }
        case .speakingChanged(_, let producers):
            speaking = Set(producers.compactMap { person(of: $0) })
            tellSpeakers()
        case .dataProducerOpened(let transport, let channel, let parameters):
            guard case .publish(let connection) = owners[transport] else { return }
            await handleDataProducer(channel, parameters, of: connection)
        case .dataProducerClosed(let transport, let channel):
            guard case .publish(let connection) = owners[transport] else { return }
            await handleDataProducerClosed(channel, of: connection)
        case .dataMessage(let transport, let channel, let message):
            // From before the channel had its reader.
            guard case .publish(let connection) = owners[transport], !connection.isEnded else { return }
            if connection.chat == channel {
                await handleChat(message, from: connection.owner)
            } else {
                await relay.handle(message, from: connection.owner)
            }
        case .dataConsumerOpened(let transport, let channel):
            guard case .subscribe(let connection) = owners[transport] else { return }
            await handleChannelOpened(channel, of: connection)
        case .dataConsumerClosed(let transport, let channel):
            guard case .subscribe(let connection) = owners[transport] else { return }
            connection.handleChannelClosed(channel)
        case .iceStateChanged(let transport, let state):
            log.debug(
                "A path changed",
                metadata: ["transport": "\(transport.rawValue)", "state": "\(state)"]
            )
            guard case .publish(let connection) = owners[transport] else { return }
            await handlePublishICE(state, of: connection)
        case .dtlsStateChanged(let transport, let state):
            log.debug("Keys changed", metadata: ["transport": "\(transport.rawValue)", "state": "\(state)"])
            handleKeys(state, of: transport)
        case .consumerLimited(let consumer, let isPaused): handleLimit(consumer, isPaused: isPaused)
        case .layersChanged(let consumer, let spatial, _): handleLayers(consumer, spatial: spatial)
        case .producerLimited(let producer): handleExcess(of: producer)
        case .wantedLayersChanged(let producer, let layers): await handleWantedLayers(layers, of: producer)
        // What follows from a path's capacity, the Worker's allocator has done.
        case .availableBitrateChanged, .sctpStateChanged, .selectedAddressChanged: break
        }
    }

    /// Somebody sends more than the room passes on: a broken device or program, or somebody who means harm.
    private func handleExcess(of producer: ProducerID) {
        guard let id = person(of: producer) else { return }
        log.warning("Somebody sends more media than is passed on", metadata: ["participant": "\(id)"])
        send(
            .error(
                step: "media",
                message:
                    "Your camera or microphone sends more than the room passes on, so part of it is left out. "
                    + "Switch it off and on again."
            ),
            to: id
        )
    }

    private func handleKeys(_ state: DTLSState, of transport: TransportID) {
        guard let id = owners[transport]?.participant else { return }
        switch state {
        case .connected: participants[id]?.isProved = true
        case .closed:
            handleLost(transport)
            handleFarewell(of: id)
        case .failed: handleLost(transport)
        case .connecting, .new: break
        }
    }

    /// The peer has ended the connection, or it cannot be trusted: it is of no use any more.
    private func handleLost(_ transport: TransportID) {
        switch owners[transport] {
        case .publish(let connection) where participants[connection.owner]?.publish === connection:
            endPublish(connection.owner)
        case .subscribe(let connection) where participants[connection.owner]?.subscribe === connection:
            endSubscribe(connection.owner)
        case .publish, .subscribe, nil: break
        }
    }

    // MARK: The desk

    func handle(_ event: DeskLink.Event) async {
        switch event {
        case .connected:
            isDeskConnected = true
            hasDeskConnected = true
            for stream in desk.streams { try? await worker.forgetPeer(of: stream.transport) }
            if let sender = await link.takeSender() { await relay.attach(sender) }
            if let configuration = desk.configuration(wanted: wantedStreams) {
                await relay.send(.configure(configuration))
            }
            log.info("The desk is connected")
        case .disconnected:
            isDeskConnected = false
            await relay.detach()
            // From now on any program may use the ports that it sent from.
            for stream in desk.streams { try? await worker.forgetPeer(of: stream.transport) }
            log.warning("The desk is gone")
            tellDesk(.absent(wasThere: hasDeskConnected))
        case .report(.status(let status)): tellDesk(RoomMessage.Desk(status))
        case .report(.cursor(let message)): await sendCursor(message)
        case .report(.statistics(let statistics)): deskStatistics = statistics
        case .report(.reached), .report(.typed): break  // They go to the relay.
        }
    }

    private func tellDesk(_ desk: RoomMessage.Desk) {
        guard desk != deskState else { return }
        deskState = desk
        tellAll(.desk(desk))
    }

    /// Has the desk encode what somebody watches, and H.264 always, so that the next person sees it at once.
    func updateWantedStreams() async {
        let watched = Set(participants.values.compactMap { $0.subscribe?.deskStream })
        let wanted = watched.union([.h264, .opus]).union(wantedSmallStreams)
        let started = wanted.subtracting(wantedStreams)
        let stopped = wantedStreams.subtracting(wanted)
        wantedStreams = wanted
        // While one is sent another call may change what is wanted: its word is the newer one.
        for name in started where wantedStreams.contains(name) { await relay.send(.startStream(name)) }
        for name in stopped where !wantedStreams.contains(name) { await relay.send(.stopStream(name)) }
    }
}

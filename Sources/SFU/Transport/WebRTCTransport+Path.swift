internal import WebRTC
internal import Wire

/// What ICE and DTLS have to say.
extension WebRTCTransport {
    func drainICE(now: Instant, into queue: inout TransmitQueue) {
        while let event = ice.pollEvent() {
            switch event {
            case .selectedAddressChanged(let address):
                statistics.remoteAddress = address
                events.append(.selectedAddressChanged(id, address))
                startDTLSIfReady(now: now, into: &queue)
            case .stateChanged(let state):
                // What is sent without a path is lost, and on a still desktop nothing later would reveal it.
                let wasLost = state == .connected && statistics.iceState == .disconnected
                if wasLost || state == .failed { for consumer in consumers { consumer.suspend(now: now) } }
                statistics.iceState = state
                events.append(.iceStateChanged(id, state))
                if state == .connected { requestKeyFrames(now: now) }
            }
        }
    }

    func startDTLSIfReady(now: Instant, into queue: inout TransmitQueue) {
        guard let address = ice.selectedAddress, dtls?.state == .new else { return }
        dtls?.start(now: now, to: address, into: &queue)
    }

    func handleDTLSProgress(now: Instant, into queue: inout TransmitQueue) {
        while let event = dtls?.pollEvent() {
            switch event {
            case .connected(let material):
                sender = try? SRTPSender(material)
                receiver = try? SRTPReceiver(material)
                setDTLSState(.connected)
                channels?.connect(now: now)
                requestKeyFrames(now: now)
            case .failed: setDTLSState(.failed)
            case .closed:
                // Nobody reads what would be sent from now on.
                sender = nil
                receiver = nil
                setDTLSState(.closed)
            }
        }
        if statistics.dtlsState == .new, let state = dtls?.state, state == .connecting {
            setDTLSState(.connecting)
        }
        while dtls?.pollApplicationData({ packet in channels?.handle(packet, now: now) }) == true {}
        if channels != nil { flushChannels(now: now, into: &queue) }
    }

    private func setDTLSState(_ state: DTLSState) {
        statistics.dtlsState = state
        events.append(.dtlsStateChanged(id, state))
    }

    private func requestKeyFrames(now: Instant) {
        guard isSendable else { return }
        for consumer in consumers { consumer.requestKeyFrameIfNeeded(now: now) }
    }
}

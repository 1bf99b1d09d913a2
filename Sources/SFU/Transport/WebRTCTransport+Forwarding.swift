internal import Wire

/// What the consumers have to send.
extension WebRTCTransport {
    /// Sends every consumer what its producer received in this wake-up; `false`: flush the queue and call
    /// again.
    func forward(now: Instant, into queue: inout TransmitQueue) -> Bool {
        guard isSendable else { return true }
        while nextConsumer < consumers.count {
            guard !queue.isNearlyFull else { return false }
            let consumer = consumers[nextConsumer]
            nextConsumer += 1
            guard consumer.producer.hasReceived else { continue }
            consumer.forward(through: self, now: now, into: &queue)
            if let change = consumer.pollLayersChange() { report(change, of: consumer) }
            if let due = consumer.pollTimeout(isPathWide: congestion.isWide) { deadline = min(deadline, due) }
        }
        nextConsumer = 0
        if !held.isEmpty { deadline = min(deadline, pollPacing(now: now)) }
        beginReports(now: now)
        return true
    }

    @inline(__always)
    func beginReports(now: Instant) {
        guard nextReport == nil, !consumers.isEmpty else { return }
        nextReport = now
        deadline = now
    }

    func report(_ layers: MediaLayers?, of consumer: Consumer) {
        let temporal = layers.flatMap { consumer.filter.temporalLayer == nil ? nil : $0.temporal }
        events.append(.layersChanged(consumer.id, spatial: layers?.spatial, temporal: temporal))
    }
}

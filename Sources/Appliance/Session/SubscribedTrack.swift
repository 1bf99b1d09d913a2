internal import SFU

/// One section of a subscribe connection, and the consumer that fills it.
struct SubscribedTrack {
    let track: OfferedTrack
    let slot: SubscribeSlot
    /// What the page takes, once it has answered.
    var accepted: RTPCapabilities?
    private(set) var consumer: ConsumerID?
    private var isRefused = false
    /// As the Worker was last told.
    private var demand = PageSight.Demand.all
    private var priority: Int?

    init(_ track: OfferedTrack, slot: SubscribeSlot) {
        self.track = track
        self.slot = slot
    }

    /// What the Worker is to be told next, so that the page gets what it shows.
    mutating func poll(_ sight: PageSight, transport: TransportID) -> SubscribeConnection.Step? {
        let demand = sight.demand(for: track.source)
        guard let consumer else {
            guard let accepted, !isRefused else { return nil }
            return .consume(
                track,
                on: transport,
                ConsumerOptions(
                    capabilities: accepted,
                    mid: slot.mid,
                    ssrc: slot.ssrc,
                    rtxSSRC: slot.rtxSSRC,
                    streamID: slot.streamID,
                    // Remote control is judged by its delay: every frame at once.
                    playoutDelay: track.source.isOfDesk ? 0...0 : nil,
                    isPaused: demand == .hidden
                )
            )
        }
        if self.demand != demand {
            self.demand = demand
            return .show(consumer, mid: slot.mid, demand)
        }
        if let priority = sight.priority(of: track.source), self.priority != priority {
            self.priority = priority
            return .prioritise(consumer, priority)
        }
        return nil
    }

    /// - Parameter consumer: `nil` if the Worker has refused.
    mutating func handleConsumed(_ consumer: ConsumerID?) {
        self.consumer = consumer
        isRefused = consumer == nil
    }
}

internal import Access
internal import MediasoupSignalling
internal import RemoteControl
internal import SFU
internal import WebRTC

/// What one broadcaster sends and is sent: its transports, and what its person may of that.
///
/// What was asked of the Worker when the broadcaster ends is taken back, whichever comes first.
@SessionActor final class BroadcastConnection {
    private struct Consumption {
        var id: ConsumerID
        var producer: DeskProducer
        /// Whether the broadcaster has asked for it not to be sent yet.
        var waits: Bool
        /// Whether the Worker sends it.
        var isSent: Bool
    }

    let owner: ParticipantID
    private let worker: Worker
    private var rights: Rights
    private var isMuted: Bool
    private var isDeskSilent: Bool
    private(set) var isEnded = false
    private var transports: Set<TransportID> = []
    /// What is received.
    private(set) var sources: [PublishConnection.Track] = []
    private var silent: Set<ProducerID> = []
    private var consumptions: [Consumption] = []
    /// The stream that it is sent the desk's picture by.
    private(set) var deskStream: DeskStreamName?
    private var surplusProducers: [ProducerID] = []
    private var surplusConsumers: [ConsumerID] = []
    private var work: Task<Void, Never>?

    init(owner: ParticipantID, rights: Rights, isMuted: Bool, isDeskSilent: Bool, worker: Worker) {
        self.owner = owner
        self.rights = rights
        self.isMuted = isMuted
        self.isDeskSilent = isDeskSilent
        self.worker = worker
    }

    // MARK: What has been made

    func add(_ transport: TransportID) {
        guard !isEnded else { return close([transport]) }
        transports.insert(transport)
    }

    /// - Returns: Whether it still may be received.
    func add(_ track: PublishConnection.Track, isSilent: Bool) -> Bool {
        guard !isEnded, rights.allow(.send(track.media.kind)) else {
            surplusProducers.append(track.producer)
            settle()
            return false
        }
        sources.append(track)
        if isSilent { silent.insert(track.producer) }
        settle()
        return true
    }

    /// - Parameter consumer: It has been made paused.
    /// - Returns: Whether it still may be sent.
    func add(_ consumer: ConsumerID, of producer: DeskProducer, _ stream: DeskStreamName, waits: Bool) -> Bool
    {
        guard !isEnded, rights.allow(.receive(producer.kind)) else {
            surplusConsumers.append(consumer)
            settle()
            return false
        }
        consumptions.append(Consumption(id: consumer, producer: producer, waits: waits, isSent: false))
        if producer == .picture { deskStream = stream }
        settle()
        return true
    }

    /// Whether it is sent this already.
    func has(_ producer: DeskProducer) -> Bool { consumptions.contains { $0.producer == producer } }

    /// Whether there is such a consumer, which is sent from now on.
    func resume(_ consumer: ConsumerID) -> Bool {
        guard let index = consumptions.firstIndex(where: { $0.id == consumer }) else { return false }
        consumptions[index].waits = false
        settle()
        return true
    }

    /// Packets that have come.
    func packets() async -> UInt64 {
        var packets: UInt64 = 0
        for transport in transports {
            packets += (try? await worker.statistics(of: transport))?.packetsReceived ?? 0
        }
        return packets
    }

    // MARK: What is decided elsewhere

    func handle(rights: Rights) {
        self.rights = rights
        surplusProducers += sources.filter { !rights.allow(.send($0.media.kind)) }.map(\.producer)
        sources.removeAll { !rights.allow(.send($0.media.kind)) }
        surplusConsumers += consumptions.filter { !rights.allow(.receive($0.producer.kind)) }.map(\.id)
        consumptions.removeAll { !rights.allow(.receive($0.producer.kind)) }
        if !has(.picture) { deskStream = nil }
        settle()
    }

    func setMuted(_ isMuted: Bool) {
        self.isMuted = isMuted
        settle()
    }

    /// Whether the desk's sound is kept back from its person.
    func setDeskSilent(_ isSilent: Bool) {
        guard isDeskSilent != isSilent else { return }
        isDeskSilent = isSilent
        settle()
    }

    func end() {
        guard !isEnded else { return }
        isEnded = true
        sources.removeAll()
        consumptions.removeAll()
        deskStream = nil
        // Their producers and consumers go with them.
        close(transports)
        transports.removeAll()
    }

    private func close(_ transports: Set<TransportID>) {
        Task { [worker] in for transport in transports { try? await worker.close(transport) } }
    }

    // MARK: Doing it

    /// Has the Worker do what is to be so by now, one thing after the other.
    private func settle() {
        guard work == nil else { return }
        work = Task {
            while await step() {}
            work = nil
        }
    }

    private func step() async -> Bool {
        if let producer = surplusProducers.popLast() {
            try? await worker.close(producer)
        } else if let consumer = surplusConsumers.popLast() {
            try? await worker.close(consumer)
        } else if let track = sources.first(where: {
            $0.media.kind == .audio && silent.contains($0.producer) != isMuted
        }) {
            if isMuted {
                silent.insert(track.producer)
                try? await worker.pause(track.producer)
            } else {
                silent.remove(track.producer)
                try? await worker.resume(track.producer)
            }
        } else if let index = consumptions.firstIndex(where: { $0.isSent != isToBeSent($0) }) {
            let id = consumptions[index].id
            consumptions[index].isSent.toggle()
            if consumptions[index].isSent {
                try? await worker.resume(id)
            } else {
                try? await worker.pause(id)
            }
        } else {
            return false
        }
        return true
    }

    private func isToBeSent(_ consumption: Consumption) -> Bool {
        !consumption.waits && !(consumption.producer == .sound && isDeskSilent)
    }
}

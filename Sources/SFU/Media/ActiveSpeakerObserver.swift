internal import WebRTC
internal import Wire

/// Who speaks in a router, and whose microphones are passed on (mediasoup's *ActiveSpeakerObserver*).
///
/// When more microphones are open than anybody can listen to, only the loudest few are forwarded. A new voice
/// is let in with its first packet, so that no syllable is clipped. A microphone that does not tell its level
/// (RFC 6464) is always passed on.
struct ActiveSpeakerObserver {
    let router: RouterID
    private var speakers = ActiveSpeakers<ProducerID>()
    private var loudest: LoudestSelection<ProducerID>
    private var heldBack: Set<ProducerID> = []

    /// What becomes of the packets that a microphone sent in this wake-up.
    enum Decision: Hashable {
        case holdBack
        case passOn
        /// They are passed on, after others were held back.
        case passOnAgain
    }

    /// - Parameter microphones: How many are passed on at once.
    init(router: RouterID, microphones: Int) {
        self.router = router
        loudest = LoudestSelection(places: microphones)
    }

    /// Takes note of what `producer` received in this wake-up.
    mutating func handle(_ producer: Producer, now: Instant) -> Decision {
        var isPassedOn = true
        for packet in producer.streams[0].received {
            guard let level = packet.audioLevel.map(AudioLevel.init(rawValue:)) else { continue }
            speakers.handle(level: level.level, isVoice: level.isVoice, of: producer.id, now: now)
            isPassedOn = loudest.handle(level: level.level, of: producer.id, now: now)
        }
        guard isPassedOn else {
            heldBack.insert(producer.id)
            return .holdBack
        }
        return heldBack.remove(producer.id) == nil ? .passOn : .passOnAgain
    }

    mutating func remove(_ producer: ProducerID) {
        speakers.remove(producer)
        loudest.remove(producer)
        heldBack.remove(producer)
    }

    mutating func handleTimeout(now: Instant) { speakers.handleTimeout(now: now) }

    func pollTimeout() -> Instant? { speakers.pollTimeout() }

    mutating func pollEvent() -> WorkerEvent? {
        switch speakers.pollEvent() {
        case .dominantChanged(let producer): .activeSpeakerChanged(router, producer)
        case .speakingChanged(let producers): .speakingChanged(router, producers)
        case nil: nil
        }
    }
}

internal import WebRTC
internal import Wire

/// Who speaks in a router, and whose microphones are passed on (mediasoup's *ActiveSpeakerObserver*).
///
/// When more microphones are open than anybody can listen to, only the loudest few are forwarded. A new voice
/// is let in with its first packet, so that no syllable is clipped. Of the microphones that do not tell their level
/// (RFC 6464) as many are passed on besides, those that came first.
struct ActiveSpeakerObserver {
    let router: RouterID
    private var speakers = ActiveSpeakers<ProducerID>()
    private var loudest: LoudestSelection<ProducerID>
    private var heldBack: Set<ProducerID> = []
    /// Those that do not tell their level and are passed on, and when each sent last.
    private var untold: [(id: ProducerID, last: Instant)] = []
    private let microphones: Int

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
        self.microphones = microphones
        loudest = LoudestSelection(places: microphones)
    }

    /// Takes note of what `producer` received in this wake-up.
    mutating func handle(_ producer: Producer, now: Instant) -> Decision {
        var isPassedOn = true
        var isTold = false
        for packet in producer.streams[0].received {
            guard let level = packet.audioLevel.map(AudioLevel.init(rawValue:)) else { continue }
            isTold = true
            speakers.handle(level: level.level, isVoice: level.isVoice, of: producer.id, now: now)
            isPassedOn = loudest.handle(level: level.level, of: producer.id, now: now)
        }
        if !isTold { isPassedOn = passesOnUntold(producer.id, now: now) }
        guard isPassedOn else {
            heldBack.insert(producer.id)
            return .holdBack
        }
        return heldBack.remove(producer.id) == nil ? .passOn : .passOnAgain
    }

    /// Whether a microphone that does not tell its level has a place, or finds one.
    private mutating func passesOnUntold(_ producer: ProducerID, now: Instant) -> Bool {
        if let index = untold.firstIndex(where: { $0.id == producer }) {
            untold[index].last = now
            return true
        }
        if untold.count >= microphones {
            guard let silent = untold.firstIndex(where: { now - $0.last >= Self.silence }) else {
                return false
            }
            untold.remove(at: silent)
        }
        untold.append((producer, now))
        return true
    }

    mutating func remove(_ producer: ProducerID) {
        untold.removeAll { $0.id == producer }
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

    /// After this a microphone that is open but sends nothing makes room for another.
    private static let silence = Interval.seconds(2)
}

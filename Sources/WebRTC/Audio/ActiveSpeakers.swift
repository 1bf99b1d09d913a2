public import Wire

/// Finds out who speaks, and who leads the talk, from the audio levels of many streams (RFC 6464).
///
/// Drive it with ``handle(level:isVoice:of:now:)`` for each packet, and ``handleTimeout(now:)`` at
/// ``pollTimeout()``; after the latter drain ``pollEvent()``. The dominant speaker changes only if somebody
/// is ahead on three time scales at once: neither a cough nor a short answer takes the picture away.
///
/// No call allocates but the first for a stream and one that ends in an event.
public struct ActiveSpeakers<ID: Hashable & Sendable>: Sendable {
    public enum Event: Hashable, Sendable {
        /// `nil`: the one who led has left, and nobody else speaks. Silence changes nothing.
        case dominantChanged(ID?)
        case speakingChanged(Set<ID>)
    }

    /// Who leads the talk.
    public private(set) var dominant: ID?
    /// Who speaks now, or paused for less than half a second.
    public private(set) var speaking: Set<ID> = []

    // Beside each other: a value without the id has one size for every kind of id, so that nothing is boxed.
    @usableFromInline var ids: [ID] = []
    private var leader: Int?
    private var streams: [SpeakerStream] = []
    private var due: Instant?
    private var events: [Event] = []

    public init() {}

    /// Takes note of a packet.
    ///
    /// - Parameters:
    ///   - level: −dBov: 0 is the loudest, 127 is silence.
    ///   - isVoice: What the sender's own detector says. Not every sender has one: it is not relied on.
    @inlinable
    public mutating func handle(level: UInt8, isVoice: Bool, of id: ID, now: Instant) {
        // Here, so that the caller's kind of id is known: comparing unknown ones allocates.
        handle(level: level, at: ids.firstIndex(of: id) ?? insert(id, now: now), now: now)
    }

    @usableFromInline
    mutating func insert(_ id: ID, now: Instant) -> Int {
        ids.append(id)
        streams.append(
            SpeakerStream(sound: Self.sound(at: now), lastSound: Self.sound(at: now), lastHeard: now)
        )
        return streams.count - 1
    }

    @usableFromInline
    mutating func handle(level: UInt8, at index: Int, now: Instant) {
        let sound = Self.sound(at: now)
        let loudness = 127 - min(level, 127)
        streams[index].advance(to: sound)
        streams[index].loudness = max(streams[index].loudness ?? 0, loudness)
        streams[index].last = loudness
        streams[index].lastSound = sound
        guard loudness > 0 else { return }
        streams[index].lastHeard = now
        if due == nil { due = now + Self.interval }
    }

    /// Forgets a stream: it ended.
    public mutating func remove(_ id: ID) {
        guard let index = ids.firstIndex(of: id) else { return }
        let isSpeaking = streams[index].isSpeaking
        ids.remove(at: index)
        streams.remove(at: index)
        if leader == index {
            let next = streams.indices.filter { streams[$0].isSpeaking }
                .max { streams[$0].activity.long < streams[$1].activity.long }
            leader = next
            dominant = next.map { ids[$0] }
            events.append(.dominantChanged(dominant))
        } else if let behind = leader, behind > index {
            leader = behind - 1
        }
        if isSpeaking { tellSpeaking() }
    }

    /// Judges anew if it is time.
    public mutating func handleTimeout(now: Instant) {
        guard let due, due <= now else { return }
        let sound = Self.sound(at: now)
        var isQuiet = true
        var hasChanged = false
        for index in streams.indices {
            streams[index].advance(to: sound)
            streams[index].activity.evaluate()
            if streams[index].activity.isActive { streams[index].lastActive = now }
            let speaks = streams[index].lastActive.map { now - $0 < Self.hangover } ?? false
            if speaks != streams[index].isSpeaking {
                streams[index].isSpeaking = speaks
                hasChanged = true
            }
            if speaks || now - streams[index].lastHeard < Self.idle { isQuiet = false }
        }
        if hasChanged { tellSpeaking() }
        chooseDominant()
        self.due = isQuiet ? nil : now + Self.interval
    }

    /// When to call ``handleTimeout(now:)`` next; `nil` while all are silent.
    public func pollTimeout() -> Instant? { due }

    /// What has changed, in order; `nil` once all is told.
    public mutating func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    private mutating func tellSpeaking() {
        speaking = Set(zip(ids, streams).lazy.filter(\.1.isSpeaking).map(\.0))
        events.append(.speakingChanged(speaking))
    }

    /// Whoever is ahead of the dominant speaker on all time scales, and most so on the medium one.
    private mutating func chooseDominant() {
        var best: Int?
        var bestLead = 0.0
        for index in streams.indices where index != leader && streams[index].isSpeaking {
            let lead: Double
            if let leader {
                lead = streams[index].activity.medium / streams[leader].activity.medium
                guard
                    streams[index].activity.immediate / streams[leader].activity.immediate
                        > Self.immediateLead,
                    lead > Self.mediumLead,
                    streams[index].activity.long / streams[leader].activity.long > Self.longLead
                else { continue }
            } else {
                lead = streams[index].activity.long
            }
            guard lead > bestLead else { continue }
            best = index
            bestLead = lead
        }
        guard let best else { return }
        leader = best
        dominant = ids[best]
        events.append(.dominantChanged(dominant))
    }

    private static func sound(at now: Instant) -> Int64 {
        now.nanoseconds / (SpeechActivity.soundLength * 1_000_000)
    }

    private static var interval: Interval { .milliseconds(100) }
    private static var hangover: Interval { .milliseconds(500) }
    /// Longer than the windows: afterwards nothing can change.
    private static var idle: Interval { .seconds(2) }
    // Ratios whose natural logarithms are 3, 2 and 0.
    private static var immediateLead: Double { 20.085_5 }
    private static var mediumLead: Double { 7.389_1 }
    private static var longLead: Double { 1 }
}

/// One microphone.
private struct SpeakerStream: Sendable {
    var activity = SpeechActivity()
    /// The sound that is being collected, as a count of 20 ms since the clock's zero.
    var sound: Int64
    /// The loudest packet of ``sound``, 0…127; `nil` if none has come.
    var loudness: UInt8?
    /// The last packet, and its sound.
    var last: UInt8 = 0
    var lastSound: Int64
    var lastHeard: Instant
    var lastActive: Instant?
    var isSpeaking = false

    /// Closes the sounds before `now`.
    ///
    /// A packet's level holds for 60 ms, its greatest length; then comes silence.
    mutating func advance(to now: Int64) {
        // Longer ago than that has no bearing.
        sound = max(sound, now - Int64(SpeechActivity.sounds))
        while sound < now {
            activity.append(loudness ?? (sound - lastSound < 3 ? last : 0))
            loudness = nil
            sound += 1
        }
    }
}

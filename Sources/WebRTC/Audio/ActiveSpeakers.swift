public import Wire

/// Finds out who speaks, and who leads the talk, from the audio levels of many streams (RFC 6464).
///
/// Drive it with ``handle(level:isVoice:of:now:)`` for each packet, and ``handleTimeout(now:)`` at ``pollTimeout()``;
/// after the latter drain ``pollEvent()``. The dominant speaker changes only if somebody is ahead on three time scales at
/// once: neither a cough nor a short answer takes the picture away.
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

    private var streams: [Stream] = []
    private var due: Instant?
    private var events: [Event] = []

    private struct Stream {
        var id: ID
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

        /// Closes the sounds before `now`. A packet's level holds for 60 ms, its greatest length; then comes silence.
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

    public init() {}

    /// Takes note of a packet.
    ///
    /// - Parameters:
    ///   - level: −dBov: 0 is the loudest, 127 is silence.
    ///   - isVoice: What the sender's own detector says. Not every sender has one: it is not relied on.
    public mutating func handle(level: UInt8, isVoice: Bool, of id: ID, now: Instant) {
        let sound = Self.sound(at: now)
        let loudness = 127 - min(level, 127)
        let index: Int
        if let known = streams.firstIndex(where: { $0.id == id }) {
            index = known
            streams[index].advance(to: sound)
        } else {
            index = streams.count
            streams.append(Stream(id: id, sound: sound, lastSound: sound, lastHeard: now))
        }
        streams[index].loudness = max(streams[index].loudness ?? 0, loudness)
        streams[index].last = loudness
        streams[index].lastSound = sound
        guard loudness > 0 else { return }
        streams[index].lastHeard = now
        if due == nil { due = now + Self.interval }
    }

    /// Forgets a stream: it ended.
    public mutating func remove(_ id: ID) {
        streams.removeAll { $0.id == id }
        if dominant == id {
            dominant = nil
            if let next = streams.filter({ speaking.contains($0.id) }).max(by: { $0.activity.long < $1.activity.long }) {
                dominant = next.id
            }
            events.append(.dominantChanged(dominant))
        }
        if speaking.remove(id) != nil { events.append(.speakingChanged(speaking)) }
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
            if speaks != speaking.contains(streams[index].id) { hasChanged = true }
            if speaks || now - streams[index].lastHeard < Self.idle { isQuiet = false }
        }
        if hasChanged {
            speaking = Set(
                streams.lazy.filter { $0.lastActive.map { now - $0 < Self.hangover } ?? false }.map(\.id)
            )
            events.append(.speakingChanged(speaking))
        }
        chooseDominant()
        self.due = isQuiet ? nil : now + Self.interval
    }

    /// When to call ``handleTimeout(now:)`` next; `nil` while all are silent.
    public func pollTimeout() -> Instant? { due }

    /// What has changed, in order; `nil` once all is told.
    public mutating func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    /// Whoever is ahead of the dominant speaker on all time scales, and most so on the medium one.
    private mutating func chooseDominant() {
        let leader = streams.first { $0.id == dominant }
        var best: (id: ID, lead: Double)?
        for stream in streams where stream.id != dominant && speaking.contains(stream.id) {
            guard let leader else {
                if best.map({ stream.activity.long > $0.lead }) ?? true { best = (stream.id, stream.activity.long) }
                continue
            }
            let lead = stream.activity.medium / leader.activity.medium
            guard stream.activity.immediate / leader.activity.immediate > Self.immediateLead,
                lead > Self.mediumLead, stream.activity.long / leader.activity.long > Self.longLead
            else { continue }
            if best.map({ lead > $0.lead }) ?? true { best = (stream.id, lead) }
        }
        guard let best else { return }
        dominant = best.id
        events.append(.dominantChanged(best.id))
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

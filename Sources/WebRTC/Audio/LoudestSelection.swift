public import Wire

/// Chooses which of many microphones are forwarded: as many as there are places, those who spoke last.
///
/// ``handle(level:of:now:)`` answers for each packet at once, so the first packet of a voice passes: no
/// syllable is clipped. Whoever is heard stays for at least ``hold`` after the last sound. With a place free
/// everybody has one, however quiet.
public struct LoudestSelection<ID: Hashable & Sendable>: Sendable {
    /// How many are forwarded at once.
    ///
    /// 1 or more. Fewer takes effect with the next packets.
    public var places: Int {
        didSet { leaveSurplus() }
    }

    /// How long somebody who fell silent keeps the place against others.
    public let hold: Interval

    /// −dBov: this and louder is a voice.
    public let threshold: UInt8

    // Beside each other: a value without the id has one size for every kind of id, so that nothing is boxed.
    @usableFromInline var ids: [ID] = []
    private var members: [LoudMember] = []
    /// Counts changes, so that an owner sees at a glance whether to look at ``selected``.
    public private(set) var changes = 0

    /// - Parameters:
    ///   - places: How many are forwarded at once.
    ///   - hold: How long somebody who fell silent keeps the place against others.
    ///   - threshold: −dBov, 0…127: this and louder is a voice.
    public init(places: Int = 4, hold: Interval = .seconds(2), threshold: UInt8 = 50) {
        self.places = max(1, places)
        self.hold = hold
        self.threshold = threshold
        ids.reserveCapacity(self.places)
        members.reserveCapacity(self.places)
    }

    /// Who is forwarded now.
    public var selected: some Sequence<ID> { ids }

    /// Whether to forward a packet.
    ///
    /// - Parameter level: −dBov: 0 is the loudest, 127 is silence (RFC 6464).
    @inlinable
    public mutating func handle(level: UInt8, of id: ID, now: Instant) -> Bool {
        // Here, so that the caller's kind of id is known: comparing unknown ones allocates.
        if let index = ids.firstIndex(of: id) {
            update(level: level, at: index, now: now)
            return true
        }
        guard let place = admit(level: level, now: now) else { return false }
        if place == ids.count { ids.append(id) } else { ids[place] = id }
        return true
    }

    @usableFromInline
    mutating func update(level: UInt8, at index: Int, now: Instant) {
        if level <= threshold { members[index].lastVoice = now }
        members[index].loudness += (Double(127 - min(level, 127)) - members[index].loudness) * Self.smoothing
    }

    /// The place that somebody new gets, if any.
    @usableFromInline
    mutating func admit(level: UInt8, now: Instant) -> Int? {
        let isVoice = level <= threshold
        let lastVoice = isVoice ? now : Instant(nanoseconds: .min / 2)
        let newcomer = LoudMember(lastVoice: lastVoice, loudness: Double(127 - min(level, 127)))
        guard members.count >= places else {
            members.append(newcomer)
            changes += 1
            return members.count - 1
        }
        guard isVoice, let victim = victim(of: newcomer, now: now) else { return nil }
        members[victim] = newcomer
        changes += 1
        return victim
    }

    /// Frees the place of a stream that ended, or was muted.
    public mutating func remove(_ id: ID) {
        guard let index = ids.firstIndex(of: id) else { return }
        ids.remove(at: index)
        members.remove(at: index)
        changes += 1
    }

    /// Who makes room: the one silent longest, if longer than ``hold``; or else the quietest, if much
    /// quieter.
    private func victim(of newcomer: LoudMember, now: Instant) -> Int? {
        guard let silent = members.indices.min(by: { members[$0].lastVoice < members[$1].lastVoice }) else {
            return nil
        }
        if now - members[silent].lastVoice >= hold { return silent }
        guard let quietest = members.indices.min(by: { members[$0].loudness < members[$1].loudness }),
            members[quietest].loudness + Self.margin <= newcomer.loudness
        else { return nil }
        return quietest
    }

    private mutating func leaveSurplus() {
        if places < 1 { places = 1 }
        while members.count > places,
            let silent = members.indices.min(by: { members[$0].lastVoice < members[$1].lastVoice })
        {
            ids.remove(at: silent)
            members.remove(at: silent)
            changes += 1
        }
    }

    /// Of each packet; the mean is that of about ten packets.
    private static var smoothing: Double { 0.1 }
    /// dB.
    private static var margin: Double { 10 }
}

/// Somebody who is forwarded.
private struct LoudMember: Sendable {
    var lastVoice: Instant
    /// Smoothed, of 127.
    var loudness: Double
}

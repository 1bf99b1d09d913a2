public import Wire

/// Chooses which of many microphones are forwarded: as many as there are places, those who spoke last.
///
/// ``handle(level:of:now:)`` answers for each packet at once, so the first packet of a voice passes: no syllable is
/// clipped. Whoever is heard stays for at least ``hold`` after the last sound. With a place free everybody has one, however
/// quiet.
public struct LoudestSelection<ID: Hashable & Sendable>: Sendable {
    /// How many are forwarded at once; 1 or more. Fewer takes effect with the next packets.
    public var places: Int {
        didSet { leaveSurplus() }
    }

    /// How long somebody who fell silent keeps the place against others.
    public let hold: Interval

    /// −dBov: this and louder is a voice.
    public let threshold: UInt8

    /// In the order of arrival.
    private var members: [Member] = []
    /// Counts changes, so that an owner sees at a glance whether to look at ``selected``.
    public private(set) var changes = 0

    private struct Member {
        var id: ID
        var lastVoice: Instant
        /// Smoothed, of 127.
        var loudness: Double
    }

    /// - Parameters:
    ///   - places: How many are forwarded at once.
    ///   - hold: How long somebody who fell silent keeps the place against others.
    ///   - threshold: −dBov, 0…127: this and louder is a voice.
    public init(places: Int = 4, hold: Interval = .seconds(2), threshold: UInt8 = 50) {
        self.places = max(1, places)
        self.hold = hold
        self.threshold = threshold
        members.reserveCapacity(self.places + 1)
    }

    /// Who is forwarded now.
    public var selected: some Sequence<ID> { members.lazy.map(\.id) }

    public func isSelected(_ id: ID) -> Bool { members.contains { $0.id == id } }

    /// Whether to forward a packet.
    ///
    /// - Parameter level: −dBov: 0 is the loudest, 127 is silence (RFC 6464).
    public mutating func handle(level: UInt8, of id: ID, now: Instant) -> Bool {
        let loudness = Double(127 - min(level, 127))
        let isVoice = level <= threshold
        if let index = members.firstIndex(where: { $0.id == id }) {
            if isVoice { members[index].lastVoice = now }
            members[index].loudness += (loudness - members[index].loudness) * Self.smoothing
            return true
        }
        let lastVoice = isVoice ? now : Instant(nanoseconds: .min / 2)
        let newcomer = Member(id: id, lastVoice: lastVoice, loudness: loudness)
        guard members.count >= places else {
            members.append(newcomer)
            changes += 1
            return true
        }
        guard isVoice, let victim = victim(of: newcomer, now: now) else { return false }
        members[victim] = newcomer
        changes += 1
        return true
    }

    /// Frees the place of a stream that ended, or was muted.
    public mutating func remove(_ id: ID) {
        guard let index = members.firstIndex(where: { $0.id == id }) else { return }
        members.remove(at: index)
        changes += 1
    }

    /// Who makes room: the one silent longest, if longer than ``hold``; or else the quietest, if much quieter.
    private func victim(of newcomer: Member, now: Instant) -> Int? {
        guard let silent = members.indices.min(by: { members[$0].lastVoice < members[$1].lastVoice }) else { return nil }
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
            members.remove(at: silent)
            changes += 1
        }
    }

    /// Of each packet; the mean is that of about ten packets.
    private static var smoothing: Double { 0.1 }
    /// dB.
    private static var margin: Double { 10 }
}

package import RemoteControl
internal import Wire

/// Whom somebody has chosen to be heard by the desk's programs, each with the number of a voice.
///
/// Pure. ``choose(_:where:)`` is what people ask for, ``keep(where:)`` what is left of it when anything has changed: whoever may not be
/// heard any more, as their microphone is off, has to be chosen anew. So everybody can end it by themselves.
package struct EarsChoice: Hashable, Sendable {
    /// Why it is left as it is.
    package enum Problem: Error, Hashable, Sendable {
        case notOpen
        case tooMany
    }

    /// In the order in which they were chosen.
    package private(set) var people: [ParticipantID] = []
    package private(set) var voices: [ParticipantID: UInt8] = [:]

    package init() {}

    package var isEmpty: Bool { people.isEmpty }

    /// Lets these be heard, and nobody else.
    ///
    /// - Parameter isOpen: Whether somebody can be heard: they are in the room, may speak, and have their microphone on.
    package mutating func choose(
        _ chosen: [ParticipantID],
        where isOpen: (ParticipantID) -> Bool
    ) throws(Problem) {
        var wanted: [ParticipantID] = []
        for id in chosen where !wanted.contains(id) { wanted.append(id) }
        guard wanted.count <= Self.most else { throw .tooMany }
        guard wanted.allSatisfy(isOpen) else { throw .notOpen }
        // In the order in which they were chosen first.
        let stayed = people.filter(wanted.contains)
        set(stayed + wanted.filter { !stayed.contains($0) })
    }

    /// Goes on with those who can be heard still; returns who cannot.
    package mutating func keep(where isOpen: (ParticipantID) -> Bool) -> [ParticipantID] {
        let closed = people.filter { !isOpen($0) }
        if !closed.isEmpty { set(people.filter { !closed.contains($0) }) }
        return closed
    }

    private mutating func set(_ people: [ParticipantID]) {
        self.people = people
        voices = voices.filter { people.contains($0.key) }
        for id in people where voices[id] == nil {
            voices[id] = (0..<UInt8(Self.most)).first { !voices.values.contains($0) }
        }
    }

    package static let most = VoiceMessage.voices
}

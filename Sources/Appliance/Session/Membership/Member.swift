package import Access
package import RemoteControl
package import Wire

/// One person in the room, as ``Membership`` knows them.
///
/// Their connections outlive a lost WebSocket, and they themselves a short absence.
package struct Member: Sendable {
    package let id: ParticipantID
    package let joined: Instant
    /// The first line of the chat that they may read.
    package let chatStart: Int
    package var name: DisplayName
    /// What they may do at the moment.
    package var grant: Grant
    /// What of it somebody in the room has changed.
    package var switches = RightsSwitches()
    /// What a page shows to be the same person again.
    package var resumeToken: Secret
    /// What their browser shows, by whatever page.
    package var browser: Secret?
    /// Whose share of the room's places theirs is.
    package var share: NetworkShare?
    /// `nil` while the page's WebSocket is lost; then, and only then, there is a ``departure``.
    package var page: PageID?
    /// The end of the stay of a person who does not come back.
    package var departure: Departure?
    /// Whether a connection of theirs was ever secured: nobody can do that without being there.
    package var isProved = false
    /// Their page has said that it is being closed.
    package var hasSaidGoodbye = false
    /// When their browser last ended a connection (DTLS).
    package var farewell: Instant?
    /// By what else than the room's page they come; `nil`: by that.
    package var outside: OutsideClient?

    package struct Departure: Hashable, Sendable {
        package var due: Instant
        /// Whether the person is still known for a while afterwards.
        package var isRemembered: Bool
    }
}

extension Member {
    /// Whether they are the same person, as far as tokens say, and somebody who removes the other one removes them: who is
    /// removed as a viewer from outside stays on the room's page.
    func goes(with other: Member) -> Bool {
        guard let subject = other.grant.token?.subject, subject == grant.token?.subject else { return false }
        return other.outside == nil || other.outside == outside
    }

    /// Somebody who has waited and is let in.
    init(_ person: WaitingRoom.Person, chatStart: Int, now: Instant) {
        self.init(
            id: person.id,
            joined: now,
            chatStart: chatStart,
            name: person.name,
            grant: person.grant,
            switches: person.switches,
            resumeToken: person.resumeToken,
            browser: person.browser,
            share: person.share,
            page: person.page,
            outside: person.outside
        )
    }
}

/// Names one page's WebSocket; never used for another one.
package struct PageID: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

extension FormerPeople.Person {
    init(_ member: Member) {
        self.init(
            id: member.id,
            name: member.name,
            grant: member.grant,
            switches: member.switches,
            resumeToken: member.resumeToken,
            browser: member.browser,
            chatStart: member.chatStart
        )
    }
}

extension Places.Seat {
    init(_ member: Member) {
        self.init(
            id: member.id,
            share: member.share,
            isProved: member.isProved,
            isAway: member.page == nil,
            joined: member.joined
        )
    }
}

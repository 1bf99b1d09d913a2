package import Access

/// Somebody who comes by a program or page of their own and not by the room's page (`docs/whip-whep.md`).
///
/// They are people of the room like others, who can do one thing.
package enum OutsideClient: String, Codable, Hashable, Sendable, CaseIterable {
    /// Sends a camera and a microphone (WHIP, RFC 9725).
    case publisher
    /// Watches the desk (WHEP, draft-ietf-wish-whep).
    case viewer

    /// What they need.
    package var needed: Rights {
        switch self {
        case .publisher: .publishOutside
        case .viewer: .watchOutside
        }
    }

    /// All that they can use, whatever their token has beside it: nobody sits there who could be asked for anything else.
    package var usable: Rights {
        switch self {
        case .publisher: [.publishOutside, .speak, .camera]
        case .viewer: [.watchOutside, .see, .hear]
        }
    }

    /// What somebody is let in with who comes this way.
    ///
    /// They are observers: whatever is asked of clinicians and clients is asked of people before the room's page.
    ///
    /// - Returns: Why they are not; `nil`: they are.
    package func limit(_ grant: inout Grant) -> Refusal? {
        guard grant.rights.contains(needed), !grant.rights.isDisjoint(with: usable.subtracting(needed)) else {
            return Refusal(self == .viewer ? .mayNotWatchOutside : .mayNotPublishOutside)
        }
        grant.role = .observer
        grant.rights.formIntersection(usable)
        return nil
    }
}

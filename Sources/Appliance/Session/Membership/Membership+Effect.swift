internal import Access
package import Audit
package import RemoteControl

extension Membership {
    /// What the owner has to do.
    package enum Effect: Hashable, Sendable {
        /// Somebody new is in the room.
        case admitted(ParticipantID)
        /// The page is over, and is told why.
        case close(PageID, SignallingConnection.CloseCode)
        /// The person's page has no connections: what stood before is closed, and the room offers anew.
        case connect(ParticipantID)
        /// The person is in the room no more, and what they had there is closed.
        case departed(ParticipantID, AuditDeparture)
        /// The page is told why it is over, and is over.
        case end(PageID, Refusal)
        /// The page has not joined, and is told why; it may ask again where `mayStay`.
        case refuse(PageID, Refusal, mayStay: Bool)
        /// The person's page may have been closed with a key down.
        case releaseHeld(ParticipantID)
        /// The person's page has its connections still, but may have missed an offer.
        case repeatOffer(ParticipantID)
        /// The person may do something else than before.
        case rightsChanged(ParticipantID)
        /// What is said of somebody has changed.
        case tellPeople
        /// Who waits has changed, or who may not come back.
        case tellWaiting
        /// The page is this person's, who waits, and is told so, and what somebody has written to them.
        case wait(PageID, ParticipantID, isNew: Bool)
        /// The page is this person's, and is told all it has to know.
        case welcome(PageID, ParticipantID, isResumed: Bool)
    }
}

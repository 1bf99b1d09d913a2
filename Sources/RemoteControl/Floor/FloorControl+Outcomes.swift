#if canImport(Wire)
public import Wire
#endif

extension FloorControl {
    public enum Answer: Hashable, Sendable {
        /// Clients are asked whether they consent.
        case consenting
        case denied(Denial)
        case granted(LeaseID)
        /// Granted as soon as the desk has let go of what somebody else pressed.
        case pending
        /// These are asked.
        case waiting(on: [ParticipantID])
    }

    public enum Denial: Hashable, Sendable {
        /// People take turns, and it is not theirs.
        case inTurns
        /// Is to watch for now.
        case locked
        /// Whoever gives may not give it, or not to them.
        case mayNotGive
        /// The participant has no right to it, or there is no lease left to give.
        case notAllowed
        /// As many drive as may.
        case noHandFree
    }

    /// What the owner must do or tell.
    public enum Event: Hashable, Sendable {
        /// The holder has control on other terms from now on.
        case changed(LeaseID, of: ParticipantID, ControlTerms, by: ParticipantID)
        /// A client has said yes.
        case consentGiven(ConsentID, by: ParticipantID, for: ParticipantID)
        /// A client has said no, or taken a yes back; `nil`: there was no answer in time.
        case consentRefused(ConsentID, by: ParticipantID?, for: ParticipantID)
        /// A request was answered by No.
        case declined(ParticipantID, by: ParticipantID)
        /// - Parameter by: Who has ended it, if somebody else than the holder has.
        case ended(LeaseID, of: ParticipantID, ControlLease.EndReason, by: ParticipantID?)
        /// The holder's time is over soon, and so it is told.
        case expiring(LeaseID, of: ParticipantID, at: Instant)
        /// - Parameter by: Who has given it, if they have not taken it themselves.
        case granted(LeaseID, to: ParticipantID, ControlTerms, by: ParticipantID?)
        /// Send ``DeskCommand/releaseAll(_:)``: what the holder held must not stay held.
        case releaseAll
        /// Likewise ``DeskCommand/releaseHand(_:_:)``, for whoever drove with this hand.
        case releaseHand(FurtherHand)
        /// Those who may answer are to be told that somebody asks.
        case requested(by: ParticipantID, of: [ParticipantID])
        /// What people are told has changed.
        case state(FloorState)
    }
}

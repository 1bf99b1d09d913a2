package import RemoteControl

/// What whoever runs the room does to people, as by an HTTP API; it needs no right.
extension Session {
    /// Who waits to be let in, longest first, and who was removed.
    package func waitingPeople() -> WaitingList { reception.waitingList }

    /// Lets somebody in who waits.
    package func admit(_ id: ParticipantID) async throws(ModerationRefusal) {
        try await reception.moderate { (moderation) throws(ModerationRefusal) in
            try moderation.admit(id, by: nil)
        }
    }

    /// Does not let somebody in who waits.
    package func refuse(_ id: ParticipantID, reason: PersonalLine) async throws(ModerationRefusal) {
        try await reception.moderate { (moderation) throws(ModerationRefusal) in
            try moderation.refuse(id, reason: reason)
        }
    }

    /// What comes from somebody's microphone is not passed on until they switch it on again.
    package func mute(_ id: ParticipantID) async throws(ModerationRefusal) {
        try await reception.moderate { (moderation) throws(ModerationRefusal) in try moderation.mute(id) }
    }

    /// Ends somebody's stay; they may not come back before ``allow(_:)``.
    package func remove(_ id: ParticipantID, reason: PersonalLine) async throws(ModerationRefusal) {
        try await reception.moderate { (moderation) throws(ModerationRefusal) in
            try moderation.remove(id, reason: reason, by: nil)
        }
    }

    /// Lets somebody come back who was removed.
    package func allow(_ id: ParticipantID) async throws(ModerationRefusal) {
        try await reception.moderate { (moderation) throws(ModerationRefusal) in try moderation.allow(id) }
    }

    /// Ends the session for everybody; the next one begins when a clinician comes.
    package func end() async {
        try? await reception.moderate { (moderation) throws(ModerationRefusal) in
            try moderation.endSession(by: nil)
        }
    }
}

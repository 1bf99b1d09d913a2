#if canImport(Wire)
public import Wire
#endif

extension FloorControl {
    /// The desk is made new: nobody drives what comes in its place who does not ask for it anew, whoever waited for control either;
    /// turns are paused.
    public mutating func handleDeskReset(by other: ParticipantID, now: Instant) {
        for question in rules.consents.questions { rules.consents.close(question.driver) }
        for participant in lease.waiting {
            lease.withdraw(by: participant)
            if participant != other { events.append(.declined(participant, by: other)) }
        }
        turns?.pause()
        handleDeskRestart(now: now)
    }
}

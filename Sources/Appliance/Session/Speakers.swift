internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// Who speaks, as people were last told, or are about to be: no more often than can be seen.
@SessionActor final class Speakers {
    private let roster: Roster
    /// Who leads the conversation.
    private(set) var dominant: ParticipantID?
    private var speaking: Set<ParticipantID> = []
    private var telling = StateTelling()

    init(_ roster: Roster) {
        self.roster = roster
    }

    func handleActive(_ producer: ProducerID?) {
        dominant = producer.flatMap { roster.sender(of: $0)?.person.id }
        tellSoon()
    }

    func handleSpeaking(_ producers: Set<ProducerID>) {
        speaking = Set(producers.compactMap { roster.sender(of: $0)?.person.id })
        tellSoon()
    }

    func handleTimeout(now: Instant) {
        if telling.isDue(now: now) { tell() }
    }

    func pollTimeout() -> Instant? { telling.pollTimeout() }

    private func tellSoon() {
        if telling.handleChange(now: .now()) { tell() }
    }

    private func tell() {
        telling.handleTold(now: .now())
        roster.tellAll(
            .speakers(dominant: dominant?.rawValue, speaking: speaking.map(\.rawValue).sorted())
        )
    }
}

package import RemoteControl
internal import SFU
internal import Wire

/// Tells people's pages what the desk says of their events, and what became of texts that do not get there.
///
/// Whoever sends a text waits to hear of it; of anything else that is not carried out nothing is told.
struct ControlAnswers: Sendable {
    /// The oldest are dropped if nobody reads them.
    let stream: AsyncStream<PageAnswer>
    private let emit: AsyncStream<PageAnswer>.Continuation

    init() {
        (stream, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
    }

    /// The desk has said this of the participant's events.
    func pass(_ answer: ControlAnswer, to participant: ParticipantID) {
        emit.yield(PageAnswer(participant: participant, content: answer))
    }

    /// The participant's message goes no further; of one that is no text nothing is told.
    func refuse(_ message: DataMessage, _ outcome: TextReceipt.Outcome, of participant: ParticipantID) {
        guard let event = try? unsafe ControlEvent(parsing: message.bytes.span.bytes) else { return }
        refuse(event, outcome, of: participant)
    }

    /// The participant's event goes no further.
    func refuse(_ event: ControlEvent, _ outcome: TextReceipt.Outcome, of participant: ParticipantID) {
        guard case .text = event.action else { return }
        let receipt = TextReceipt(
            lease: event.lease,
            sequence: event.sequence,
            outcome: outcome,
            delivered: 0
        )
        emit.yield(PageAnswer(participant: participant, content: .text(receipt)))
    }

    func finish() { emit.finish() }

    private static let depth = 1_024
}

/// What the desk says of somebody's events, for their page.
package struct PageAnswer: Hashable, Sendable {
    package var participant: ParticipantID
    package var content: ControlAnswer
}

internal import RemoteControl
internal import SFU
internal import Wire

/// Tells people's pages what became of the texts that they have sent.
///
/// Whoever sends a text waits to hear of it; nobody waits for an answer to anything else.
struct TextReceipts: Sendable {
    /// The oldest are dropped if nobody reads them.
    let answers: AsyncStream<ControlRelay.Answer>
    private let emit: AsyncStream<ControlRelay.Answer>.Continuation

    init() {
        (answers, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
    }

    /// The desk has said what became of the participant's text.
    func pass(_ receipt: TextReceipt, to participant: ParticipantID) {
        emit.yield(ControlRelay.Answer(participant: participant, receipt: receipt))
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
        pass(receipt, to: participant)
    }

    func finish() { emit.finish() }

    private static let depth = 1_024
}

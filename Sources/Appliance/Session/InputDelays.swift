package import Access
internal import GstBridge
package import RemoteControl
package import SFU
internal import Wire

/// How long it takes from people's hands to the picture: tells the page of whoever drives what it cannot know, and keeps what it
/// makes of it.
@SessionActor package final class InputDelays {
    private let roster: Roster
    private let streams: DeskStreams
    private let worker: Worker
    /// What the page of whoever drove last has said.
    package private(set) var latest: InputDelay?

    init(_ roster: Roster, _ streams: DeskStreams, worker: Worker) {
        self.roster = roster
        self.streams = streams
        self.worker = worker
    }

    /// A picture shows what somebody pressed.
    func handle(_ effect: PressEffects.Effect) async {
        guard let person = roster[effect.participant], let channel = person.publish?.control,
            let timestamp = await timestamp(of: effect.effect, for: person)
        else { return }
        let received = UInt64(clamping: effect.received.nanoseconds)
        let message = EffectMessage(effect.effect, received: received, rtpTimestamp: timestamp)
        try? await worker.send(message.encoded(), on: channel)
    }

    /// What somebody's page has measured.
    func handle(_ delay: InputDelay, isHolder: Bool) {
        if isHolder { latest = delay }
    }

    /// The timestamp that the picture has where it is sent to this person; `nil` if it is not.
    private func timestamp(of effect: DeskEffect, for person: Person) async -> UInt32? {
        guard let connection = person.subscribe, let producer = connection.deskProducer,
            let consumer = connection.deskConsumer,
            let statistics = try? await worker.statistics(of: consumer),
            let offset = try? await worker.timestampOffset(of: consumer)
        else { return nil }
        let stream = streams.streams.first {
            $0.producer == producer && $0.encoding == statistics.spatialLayer ?? 0
        }
        guard let stream else { return nil }
        let date = Instant(nanoseconds: Int64(clamping: effect.captured))
        return CaptureStream(stream.name).timestamp(at: date, ssrc: stream.description.ssrc)
            &+ offset
    }
}

internal import SFU

/// The data channels that the room has opened toward pages.
@SessionActor final class RoomChannels {
    private let roster: Roster
    private let worker: Worker

    init(_ roster: Roster, _ worker: Worker) {
        self.roster = roster
        self.worker = worker
    }

    func send(_ bytes: [UInt8], isBinary: Bool, on channel: DataConsumerID) async {
        try? await worker.send(bytes, isBinary: isBinary, on: channel)
    }

    /// Sends a message on everybody's channel with this label; a page that does not keep up misses it.
    func broadcast(
        _ bytes: [UInt8],
        isBinary: Bool,
        on label: String,
        except other: @SessionActor (Person) -> Bool = { _ in false }
    ) async {
        for person in roster.everybody where !other(person) {
            // Looked up after each message: meanwhile people leave, and channels close.
            guard let channel = person.subscribe?.channels[label] else { continue }
            await send(bytes, isBinary: isBinary, on: channel)
        }
    }
}

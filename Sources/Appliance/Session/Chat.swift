internal import Foundation
package import RemoteControl
package import SFU

/// Messages between people, by data channels: each page opens `chat` toward the room, and the room one toward
/// each page.
@SessionActor package final class Chat {
    private let roster: Roster
    private let channels: RoomChannels
    private let memory: RoomMemory?
    private var history: ChatHistory

    /// - Parameter memory: Where lines are counted on: pages know by the numbers which they have already.
    init(_ roster: Roster, _ channels: RoomChannels, memory: RoomMemory?) {
        self.roster = roster
        self.channels = channels
        self.memory = memory
        history = ChatHistory(next: memory?.nextLine ?? 0)
    }

    /// The number of the line that is written next.
    var next: Int { history.next }

    /// Follows a person's chat channel for as long as it is open.
    func read(_ messages: AsyncStream<DataMessage>, of id: ParticipantID) {
        Task { for await message in messages { await self.handle(message, from: id) } }
    }

    package func handle(_ message: DataMessage, from id: ParticipantID) async {
        guard let person = roster[id], let name = roster.name(of: id), !message.bytes.isEmpty else { return }
        guard person.chatAllowance.take(now: message.received) else {
            if person.chatAllowance.mustTell {
                refuse(Refusal(.chatTooFast), to: id)
            }
            return
        }
        if let refusal = roster.rights(of: id).refusal(of: .chat) { return refuse(refusal, to: id) }
        let text: ChatText
        do throws(UnusableText) {
            guard !message.isBinary else { throw UnusableText.unreadable }
            text = try ChatText(parsing: message.bytes)
        } catch {
            return refuse(Refusal(error), to: id)
        }
        let line = Line(
            id: history.next,
            from: id.rawValue,
            name: name,
            text: text.text,
            at: RoomClock.milliseconds
        )
        guard let data = try? JSONEncoder().encode(line) else { return }
        let bytes = Array(data)
        history.append(bytes)
        memory?.handleLine(next: history.next)
        // Whoever joins while it is sent is repeated it on their new channel.
        await channels.broadcast(bytes, isBinary: false, on: SubscribeChannels.chatLabel)
    }

    private func refuse(_ refusal: Refusal, to id: ParticipantID) {
        roster.send(.error(step: "chat", refusal), to: id)
    }

    /// Repeats on a new channel what was written since this person came.
    ///
    /// A page that was loaded again has lost it, and one that was away has missed some. It knows by the ids
    /// what it has already.
    func repeatLines(on channel: DataConsumerID, to id: ParticipantID) async {
        guard var next = roster.membership[id]?.chatStart else { return }
        // More may be written while these are on their way, and old ones forgotten.
        while next < history.next {
            let lines = history.lines(from: next)
            next = history.next
            for line in lines { await channels.send(line, isBinary: false, on: channel) }
        }
    }

    /// Forgets what was written before anybody came who is still here.
    func forgetUnreadable() { history.forget(before: roster.membership.oldestReadableLine ?? history.next) }

    private struct Line: Encodable {
        var id: Int
        var from: UInt64
        var name: String
        var text: String
        /// Milliseconds since 1970.
        var at: Int64
    }
}

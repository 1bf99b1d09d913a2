internal import Foundation
package import RemoteControl
package import SFU
internal import WebRTC

/// Messages between people, by data channels: each page opens `chat` toward the room, and the room one toward
/// each page.
extension Session {
    /// Follows a person's chat channel for as long as it is open.
    func readChat(_ messages: AsyncStream<DataMessage>, of id: ParticipantID) {
        Task {
            for await message in messages { await self.handleChat(message, from: id) }
        }
    }

    package func handleChat(_ message: DataMessage, from id: ParticipantID) async {
        guard let participant = participants[id], !message.bytes.isEmpty else { return }
        guard participants[id]?.chatAllowance.take(now: message.received) == true else {
            if participants[id]?.chatAllowance.mustTell == true {
                send(
                    .error(step: "chat", message: "That was too many messages at once. Wait a moment."),
                    to: id
                )
            }
            return
        }
        let text: ChatText
        do throws(UnusableText) {
            guard !message.isBinary else { throw UnusableText.unreadable }
            text = try ChatText(parsing: message.bytes)
        } catch {
            send(.error(step: "chat", message: error.description), to: id)
            return
        }
        let line = ChatLine(
            id: chatHistory.next,
            from: id.rawValue,
            name: participant.name.text,
            text: text.text,
            at: Self.clock
        )
        guard let data = try? JSONEncoder().encode(line) else { return }
        let bytes = Array(data)
        chatHistory.append(bytes)
        await broadcast(bytes, isBinary: false, on: Self.chatLabel)
    }

    /// Repeats on a new channel what was written since this person came.
    ///
    /// A page that was loaded again has lost it, and one that was away has missed some. It knows by the ids
    /// what it has already.
    func repeatChat(on channel: DataConsumerID, for id: ParticipantID) async {
        guard var next = participants[id]?.chatStart else { return }
        // More may be written while these are on their way.
        while next < chatHistory.next {
            let lines = chatHistory.lines(from: next)
            next = chatHistory.next
            for line in lines { try? await worker.send(line, isBinary: false, on: channel) }
        }
    }

    /// Forgets what was written before anybody came who is still here.
    func forgetUnreadable() {
        let starts = participants.values.map(\.chatStart) + [former.chatStart ?? chatHistory.next]
        chatHistory.forget(before: starts.min() ?? chatHistory.next)
    }

    /// The clock that rules in this room, whatever the pages' clocks say: milliseconds since 1970.
    static var clock: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    private struct ChatLine: Encodable {
        var id: Int
        var from: UInt64
        var name: String
        var text: String
        /// Milliseconds since 1970.
        var at: Int64
    }
}

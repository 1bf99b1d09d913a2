internal import Foundation
internal import RemoteControl
internal import SFU
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

    func handleChat(_ message: DataMessage, from id: ParticipantID) async {
        guard let participant = participants[id], !message.isBinary,
            (1...Self.maximumChatLength).contains(message.bytes.count),
            let text = String(validating: message.bytes, as: UTF8.self)
        else { return }
        guard participants[id]?.chatAllowance.take(now: message.received) == true else {
            send(.error(step: "chat", message: "That was too many messages at once. Wait a moment."), to: id)
            return
        }
        let line = ChatLine(
            from: id.rawValue,
            name: participant.name,
            text: text,
            at: Int64(Date().timeIntervalSince1970 * 1_000)
        )
        guard let bytes = try? JSONEncoder().encode(line) else { return }
        await broadcast(Array(bytes), isBinary: false, on: Self.chatLabel)
    }

    private struct ChatLine: Encodable {
        var from: UInt64
        var name: String
        var text: String
        /// Milliseconds since 1970.
        var at: Int64
    }

    private static let maximumChatLength = 4_096
}

package import SFU

/// The data channels that the room opens on a subscribe connection, each with a label.
package struct SubscribeChannels {
    package static let chatLabel = "chat"
    package static let cursorLabel = "cursor"

    private var unopened: [String] = []
    private var channels: [String: DataConsumerID] = [:]
    private var open: Set<DataConsumerID> = []

    package init() {}

    /// The channel with this label, once it is open.
    package subscript(_ label: String) -> DataConsumerID? {
        channels[label].flatMap { open.contains($0) ? $0 : nil }
    }

    package func label(of channel: DataConsumerID) -> String? {
        channels.first { $0.value == channel }?.key
    }

    /// The page takes data channels.
    mutating func begin() { unopened = [Self.chatLabel, Self.cursorLabel] }

    /// The label of the next one to be made.
    mutating func pollLabel() -> String? { unopened.popLast() }

    mutating func handleMade(_ channel: DataConsumerID, label: String) { channels[label] = channel }

    package mutating func handleOpened(_ channel: DataConsumerID) { open.insert(channel) }

    package mutating func handleClosed(_ channel: DataConsumerID) { open.remove(channel) }
}
